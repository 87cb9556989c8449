package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.models.Shared;
import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.graph.PlainRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MtcnnTest {

  @ParameterizedTest
  @CsvSource({"12, 12, 1, 1", "13, 30, 2, 10", "40, 57, 15, 24"})
  void proposalsOfAnySizeComeEveryTwoPixels(int height, int width, int h, int w) throws Exception {
    byte[] pnet = Architecture.MTCNN.build("pnet", pnet());

    Map<String, float[]> outputs =
        PlainRun.onFloats(pnet, new float[2 * height * width * 3], 2, height, width, 3);

    assertThat(outputs.get("probability")).hasSize(2 * h * w);
    assertThat(outputs.get("regression")).hasSize(2 * 4 * h * w);
  }

  @ParameterizedTest
  @CsvSource({"pnet, 1, 40, 57", "rnet, 3, 24, 24", "onet, 3, 48, 48"})
  void trainedPartsAnswerAsThoseOfFacenetPytorch(String part, int count, int height, int width)
      throws Exception {
    byte[] onnx =
        Architecture.MTCNN.build(part, Checkpoint.read(Shared.models().resolve(part + ".pt")));
    float[] faces = drawnFaces(count, height, width);

    Map<String, float[]> outputs = PlainRun.onFloats(onnx, faces, count, height, width, 3);

    JsonNode golden = Golden.networks().get(part);
    int step = golden.get("step").asInt();
    assertThat(outputs).hasSize(golden.size() - 1);
    outputs.forEach(
        (name, values) ->
            assertThat(Golden.sampled(values, step))
                .as(name)
                .containsExactly(Golden.floats(golden.get(name)), Offset.offset(1e-5f)));
  }

  @Test
  void poolingBeforeThePreluChangesNothing() throws Exception {
    // Falling, flat, rising and steep slopes.
    float[] slopes = {-1.5f, -0.3f, 0, 0.4f, 1, 1.7f};
    FormulaWeights layer = new FormulaWeights().layer("conv1", 6, 3, 3, 3);
    float[] picture = new float[3 * 15 * 18];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (float) Math.sin(i * 1.7);
    }

    GraphBuilder pooledFirst = new GraphBuilder("pooled-first");
    String x = pooledFirst.input("x", "N", "3", "15", "18");
    Filters conv1 = Filters.of(layer.weights(), "conv1", 6, 3, 3, 3);
    PooledPrelu pooled = new PooledPrelu(conv1, slopes);
    x = pooled.build(pooledFirst, "1", x, Window.VALID, 2);
    float[] ones = new float[36];
    for (int i = 0; i < 6; i++) {
      ones[i * 7] = 1;
    }
    Filters identity = new Filters(6, 6, 1, 1, ones, new float[6]);
    pooledFirst.output(
        pooledFirst.conv("y", x, pooled.next(identity), Window.VALID), "N", "6", "7", "8");

    GraphBuilder plain = new GraphBuilder("plain");
    x = plain.conv("conv1", plain.input("x", "N", "3", "15", "18"), conv1, Window.VALID);
    x = plain.prelu("prelu1", x, slopes);
    plain.output(plain.maxPool("y", x, 2, Window.VALID.stride(2), true), "N", "6", "7", "8");

    float[] expected = PlainRun.onFloats(plain.toByteArray(), picture, 1, 3, 15, 18).get("y");
    assertThat(PlainRun.onFloats(pooledFirst.toByteArray(), picture, 1, 3, 15, 18).get("y"))
        .hasSize(6 * 7 * 8)
        .containsExactly(expected, Offset.offset(1e-6f));
  }

  /** Six channels leave ten to spare, fifteen one for two steep slopes, sixteen none. */
  @ParameterizedTest
  @ValueSource(ints = {6, 15, 16})
  void channelsThatFillWholeVectorsChangeNothing(int channels) throws Exception {
    float[] slopes = Arrays.copyOf(new float[] {1.7f, -1.5f, 0, 0.4f, 1.2f, 1}, channels);
    FormulaWeights layers =
        new FormulaWeights().layer("conv1", channels, 3, 3, 3).layer("conv2", 5, channels, 3, 3);
    Filters conv1 = Filters.of(layers.weights(), "conv1", channels, 3, 3, 3);
    Filters conv2 = Filters.of(layers.weights(), "conv2", 5, channels, 3, 3);
    float[] picture = new float[3 * 15 * 18];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (float) Math.sin(i * 1.7);
    }

    GraphBuilder filled = new GraphBuilder("filled");
    AlignedPrelu layer1 = new AlignedPrelu(conv1, slopes);
    String x = filled.input("x", "N", "3", "15", "18");
    x = layer1.build(filled, "1", x, Window.VALID, 3);
    filled.output(filled.conv("y", x, layer1.next(conv2), Window.VALID), "N", "5", "4", "6");

    GraphBuilder plain = new GraphBuilder("plain");
    x = plain.conv("conv1", plain.input("x", "N", "3", "15", "18"), conv1, Window.VALID);
    x = plain.node("PRelu", "prelu1", List.of(x, plain.floats("slope", slopes, channels, 1, 1)));
    x = plain.maxPool("pool1", x, 3, Window.VALID.stride(2), true);
    plain.output(plain.conv("y", x, conv2, Window.VALID), "N", "5", "4", "6");

    float[] expected = PlainRun.onFloats(plain.toByteArray(), picture, 1, 3, 15, 18).get("y");
    assertThat(PlainRun.onFloats(filled.toByteArray(), picture, 1, 3, 15, 18).get("y"))
        .hasSize(5 * 4 * 6)
        .containsExactly(expected, Offset.offset(1e-5f));
  }

  @Test
  void equalWeightsGiveEqualBytes() {
    assertThat(Architecture.MTCNN.build("pnet", pnet()))
        .isEqualTo(Architecture.MTCNN.build("pnet", pnet()));
  }

  @Test
  void missingOrMisshapenTensorIsNamed() {
    Weights lacking = Altered.without(pnet(), "conv4_2.bias");
    assertThatThrownBy(() -> Architecture.MTCNN.build("pnet", lacking))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'conv4_2.bias'");
    Weights misshapen = Altered.with(pnet(), "conv3.weight", 32, 16, 3);
    assertThatThrownBy(() -> Architecture.MTCNN.build("pnet", misshapen))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'conv3.weight'")
        .hasMessageContaining("[32, 16, 3]");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    Weights weights = pnet();
    weights.tensor("conv3.weight").values()[7] = Float.NaN;

    assertThatThrownBy(() -> Architecture.MTCNN.build("pnet", weights))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'conv3.weight'");
  }

  @Test
  void weightsOfAnotherPartAreRefused() {
    assertThatThrownBy(() -> Architecture.MTCNN.build("onet", pnet()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'conv1.weight'");
  }

  @Test
  void unknownLabelsAndPartsAreToldWhatIsKnown() {
    assertThat(Arrays.stream(Architecture.values()).map(Architecture::label))
        .allSatisfy(label -> assertThat(Architecture.named(label).label()).isEqualTo(label));
    assertThatThrownBy(() -> Architecture.named("mtccn"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'mtccn'")
        .hasMessageContaining("mtcnn");
    assertThatThrownBy(() -> Architecture.MTCNN.build("qnet", pnet()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[pnet, rnet, onet]");
  }

  /** The pictures of {@code drawn_faces} in network_golden.py. */
  private static float[] drawnFaces(int count, int height, int width) {
    float[] pixels = new float[count * height * width * 3];
    for (int i = 0; i < pixels.length; i++) {
      double x = (i / 3 % width + 0.5) / width;
      double y = (i / 3 / width % height + 0.5) / height;
      double light =
          0.2
              + 0.6 * spot((x - 0.5) / 0.35, (y - 0.5) / 0.5)
              - 0.35 * spot((x - 0.3) / 0.09, (y - 0.4) / 0.05)
              - 0.35 * spot((x - 0.7) / 0.09, (y - 0.4) / 0.05)
              - 0.15 * spot((x - 0.5) / 0.05, (y - 0.6) / 0.05)
              - 0.3 * spot((x - 0.5) / 0.18, (y - 0.78) / 0.05);
      pixels[i] = (float) (255 * light * (1 - 0.15 * (i % 3)) + 8 * Math.sin(0.37 * i));
    }
    return pixels;
  }

  private static double spot(double x, double y) {
    return Math.exp(-x * x - y * y);
  }

  private static Weights pnet() {
    return new FormulaWeights()
        .layer("conv1", 10, 3, 3, 3)
        .tensor("prelu1.weight", 10)
        .layer("conv2", 16, 10, 3, 3)
        .tensor("prelu2.weight", 16)
        .layer("conv3", 32, 16, 3, 3)
        .tensor("prelu3.weight", 32)
        .layer("conv4_1", 2, 32, 1, 1)
        .layer("conv4_2", 4, 32, 1, 1)
        .weights();
  }
}
