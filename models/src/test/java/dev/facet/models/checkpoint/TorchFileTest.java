package dev.facet.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.Shared;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchFileTest {

  @TempDir Path directory;

  /** The figures are PyTorch 1.13's: the sum in double, and a tensor's first and last number. */
  @ParameterizedTest
  @CsvSource({
    "pnet.pt, 13, -43.12531704072171, conv1.weight, -0.08164715766906738, 0.5087199807167053",
    "pnet.pt, 13, -43.12531704072171, conv4_2.bias, 0.02156050130724907, -0.012187507003545761",
    "rnet.pt, 16, -178.50655001851723, conv1.weight, -0.5031552314758301, -0.25710272789001465",
    "rnet.pt, 16, -178.50655001851723, dense5_2.bias, 0.020075205713510513, -0.055201027542352676",
    "onet.pt, 21, -354.43949631894327, conv1.bias, 0.09100506454706192, -0.335248202085495",
    "onet.pt, 21, -354.43949631894327, dense6_3.bias, 0.33987370133399963, 0.746856689453125"
  })
  void mtcnnHasTheNumbersThatPyTorchReads(
      String file, int count, double sum, String name, float first, float last) {
    Weights weights = Checkpoint.read(Shared.models().resolve(file));

    assertThat(weights.names()).hasSize(count);
    assertThat(sum(weights)).isCloseTo(sum, within(1e-9));
    assertThat(weights.tensor(name).values()).startsWith(first).endsWith(last);
  }

  @Test
  void quantisedLinearLayersOfEdgeFaceBecomeFloat() {
    Weights weights = Checkpoint.read(Shared.models().resolve("edgeface_xs_q.pt"));

    assertThat(weights.names())
        .hasSize(300)
        .startsWith("model.stem.0.weight", "model.stem.0.bias")
        .noneMatch(name -> name.contains("_packed_params"));
    assertThat(sum(weights)).isCloseTo(-2556.4627158238773, within(1e-9));
    assertThat(weights.values("model.stages.0.blocks.0.mlp.fc1.weight", 128, 32))
        .startsWith(0.16741157f)
        .endsWith(0.028864063f);
    assertThat(weights.values("model.stages.0.blocks.0.mlp.fc1.bias", 128))
        .startsWith(0.026421048f)
        .endsWith(-0.13369808f);
    assertThat(weights.values("model.head.fc.weight", 512, 192))
        .startsWith(0.05623113f)
        .endsWith(-0.108713515f);
  }

  @ParameterizedTest
  @CsvSource({
    "DoubleStorage, 8",
    "FloatStorage, 4",
    "HalfStorage, 2",
    "BFloat16Storage, 2",
    "LongStorage, 8",
    "IntStorage, 4",
    "ShortStorage, 2",
    "CharStorage, 1"
  })
  void everyElementTypeIsRead(String type, int bytes) throws IOException {
    byte[] numbers = new byte[2 * bytes];
    ByteBuffer stored = ByteBuffer.wrap(numbers).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : new int[] {3, -120}) {
      switch (type) {
        case "DoubleStorage" -> stored.putDouble(value);
        case "FloatStorage" -> stored.putFloat(value);
        case "HalfStorage" -> stored.putShort(Float.floatToFloat16(value));
        case "BFloat16Storage" -> stored.putShort((short) (Float.floatToIntBits(value) >>> 16));
        case "LongStorage" -> stored.putLong(value);
        case "IntStorage" -> stored.putInt(value);
        case "ShortStorage" -> stored.putShort((short) value);
        default -> stored.put((byte) value);
      }
    }

    Weights weights =
        readZip(dictionary -> dictionary.text("x").vector(type, "0", 2), Map.of("0", numbers));

    assertThat(weights.values("x", 2)).containsExactly(3, -120);
  }

  @Test
  void unsignedBytesAndTruthValuesAreNotNegative() throws IOException {
    Weights weights =
        readZip(
            dictionary ->
                dictionary
                    .text("x")
                    .vector("ByteStorage", "0", 1)
                    .text("y")
                    .vector("BoolStorage", "1", 1),
            Map.of("0", new byte[] {-1}, "1", new byte[] {1}));

    assertThat(weights.values("x", 1)).containsExactly(255);
    assertThat(weights.values("y", 1)).containsExactly(1);
  }

  @Test
  void viewsOfOneStorageHonourStridesAndOffset() throws IOException {
    Consumer<PickleWriter> views =
        dictionary ->
            dictionary
                .text("whole")
                .vector("FloatStorage", "0", 6)
                .text("transposed")
                .tensor("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3})
                .text("column")
                .tensor("FloatStorage", "0", 6, 1, new long[] {2, 1}, new long[] {3, 99})
                .text("repeated")
                .tensor("FloatStorage", "0", 6, 5, new long[] {3}, new long[] {0})
                .text("number")
                .tensor("FloatStorage", "0", 6, 4, new long[] {}, new long[] {})
                .text("none")
                .tensor("FloatStorage", "0", 6, 0, new long[] {0, 4}, new long[] {4, 1});
    Map<String, byte[]> storages = Map.of("0", TorchFiles.floats(0, 1, 2, 3, 4, 5));

    for (Weights weights : List.of(readZip(views, storages), readLegacy(views, storages))) {
      assertThat(weights.values("whole", 6)).containsExactly(0, 1, 2, 3, 4, 5);
      assertThat(weights.values("transposed", 3, 2)).containsExactly(0, 3, 1, 4, 2, 5);
      assertThat(weights.values("column", 2, 1)).containsExactly(1, 4);
      assertThat(weights.values("repeated", 3)).containsExactly(5, 5, 5);
      assertThat(weights.values("number")).containsExactly(4);
      assertThat(weights.values("none", 0, 4)).isEmpty();
    }
  }

  @Test
  void eachChannelOfAQuantisedTensorHasItsScaleAndZeroPoint() throws IOException {
    Weights weights =
        readZip(
            dictionary ->
                dictionary
                    .text("conv.weight")
                    .global("torch._utils", "_rebuild_qtensor")
                    .raw('(')
                    .storage("QInt8Storage", "0", 4)
                    .number(0)
                    .numbers(2, 2)
                    .numbers(2, 1)
                    .raw('(')
                    .global("torch", "per_channel_affine")
                    .vector("FloatStorage", "1", 2)
                    .vector("LongStorage", "2", 2)
                    .number(1)
                    .raw('t', 0x89)
                    .emptyOrderedDictionary()
                    .raw('t', 'R'),
            Map.of(
                "0",
                new byte[] {10, 20, -30, 40},
                "1",
                TorchFiles.floats(0.5f, 2),
                "2",
                PickleWriter.little(16).putLong(0).putLong(20).array()));

    assertThat(weights.values("conv.weight", 2, 2)).containsExactly(5, 0, -15, 40);
  }

  @Test
  void packedPairBecomesWeightAndBias() throws IOException {
    Weights weights =
        readZip(
            dictionary -> {
              dictionary.text("fc._packed_params.dtype").global("torch", "qint8");
              dictionary.text("fc._packed_params._packed_params").raw('(');
              dictionary
                  .global("torch._utils", "_rebuild_qtensor")
                  .raw('(')
                  .storage("QUInt8Storage", "0", 2)
                  .number(0)
                  .numbers(1, 2)
                  .numbers(2, 1)
                  .raw('(')
                  .global("torch", "per_tensor_affine")
                  .real(0.25)
                  .number(128)
                  .raw('t', 0x89)
                  .emptyOrderedDictionary()
                  .raw('t', 'R');
              dictionary.raw('N', 't');
            },
            Map.of("0", new byte[] {(byte) 132, 120}));

    assertThat(weights.names()).containsExactly("fc.weight");
    assertThat(weights.values("fc.weight", 1, 2)).containsExactly(1, -2);
  }

  @Test
  void stateDictIsFoundBesideTheOptimiser() throws IOException {
    byte[] pickle =
        new PickleWriter()
            .raw('}', '(')
            .text("epoch")
            .number(3)
            .text("state_dict")
            .raw('}')
            .text("x")
            .vector("FloatStorage", "0", 1)
            .raw('s')
            .text("optimizer")
            .raw('}', 'u')
            .stop();

    Weights weights = read(TorchFiles.zip(pickle, Map.of("0", TorchFiles.floats(7))));

    assertThat(weights.names()).containsExactly("x");
  }

  @Test
  void instructionsOfProtocolFourAreRead() throws IOException {
    byte[] pickle =
        new PickleWriter()
            .raw(0x80, 4)
            .raw(0x95, 0, 0, 0, 0, 0, 0, 0, 0)
            .raw('}', 0x94)
            .raw(0x8c, 1, 'x', 0x94)
            .text("torch._utils")
            .text("_rebuild_tensor_v2")
            .raw(0x93, '(')
            .storage("FloatStorage", "0", 2)
            .raw('K', 1)
            .raw('K', 1, 0x85)
            .raw('K', 1, 0x85)
            .raw(0x89)
            .emptyOrderedDictionary()
            .raw('t', 'R', 's')
            .stop();

    Weights weights = read(TorchFiles.zip(pickle, Map.of("0", TorchFiles.floats(7, 8))));

    assertThat(weights.values("x", 1)).containsExactly(8);
  }

  private Weights readZip(Consumer<PickleWriter> entries, Map<String, byte[]> storages)
      throws IOException {
    return read(TorchFiles.zip(dictionary(entries), storages));
  }

  private Weights readLegacy(Consumer<PickleWriter> entries, Map<String, byte[]> storages)
      throws IOException {
    return read(TorchFiles.legacy(dictionary(entries), new LinkedHashMap<>(storages)));
  }

  static byte[] dictionary(Consumer<PickleWriter> entries) {
    PickleWriter pickle = new PickleWriter().emptyOrderedDictionary().raw('(');
    entries.accept(pickle);
    return pickle.raw('u').stop();
  }

  private Weights read(byte[] file) throws IOException {
    return Checkpoint.read(Files.write(directory.resolve("model.pt"), file));
  }

  private static double sum(Weights weights) {
    double sum = 0;
    for (String name : weights.names()) {
      for (float value : weights.tensor(name).values()) {
        sum += value;
      }
    }
    return sum;
  }
}
