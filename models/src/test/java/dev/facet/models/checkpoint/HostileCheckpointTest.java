package dev.facet.models.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that mean harm: each is refused with a {@link CheckpointException}, in bounded memory. */
class HostileCheckpointTest {

  private static final byte[] NUMBERS = TorchFiles.floats(0, 1, 2, 3);
  private static final Map<String, byte[]> STORAGES = Map.of("0", NUMBERS);

  private static final byte[] GOOD =
      TorchFileTest.dictionary(
          entries ->
              entries
                  .text("x")
                  .vector("FloatStorage", "0", 4)
                  .text("y")
                  .tensor("FloatStorage", "0", 4, 0, new long[] {2, 2}, new long[] {1, 2}));

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "__builtin__, exec",
    "subprocess, Popen",
    "torch, load",
    "torch.hub, load",
    "torch._utils, _rebuild_tensor_v3",
    "torch.jit._pickle, restore_type_tag",
    "numpy.core.multiarray, _reconstruct",
    "torch, float32.__class__",
    "collections.OrderedDict, __init__"
  })
  void functionThatWeightsDoNotNeedIsRefusedByName(String module, String name) throws IOException {
    byte[] pickle =
        TorchFileTest.dictionary(
            entries ->
                entries.text("x").global(module, name).raw('(').text("touch pwned").raw('t', 'R'));
    byte[] protocol4 =
        new PickleWriter().text(module).text(name).raw(0x93, '(').text("x").raw('t', 'R').stop();

    assertRefused(pickle, "the pickle wants '%s.%s'".formatted(module, name));
    assertRefused(protocol4, "the pickle wants '%s.%s'".formatted(module, name));
  }

  @ParameterizedTest
  @CsvSource({
    "0x69, INST",
    "0x6f, OBJ",
    "0x81, NEWOBJ",
    "0x92, NEWOBJ_EX",
    "0x82, EXT1",
    "0x84, EXT4",
    "0x32, DUP",
    "0x50, PERSID",
    "0x67, GET",
    "0x8b, LONG4",
    "0x96, BYTEARRAY8",
    "0x98, READONLY_BUFFER"
  })
  void instructionThatWeightsDoNotNeedIsRefusedByName(int code, String name) throws IOException {
    assertRefused(new PickleWriter().raw('}', code).stop(), "instruction " + name + " at byte");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0xff, 0x99, '\n', 'z'})
  void byteThatIsNoInstructionIsRefused(int code) throws IOException {
    assertRefused(new PickleWriter().raw(code).stop(), "0x%02x, is no instruction".formatted(code));
  }

  @Test
  void messageQuotesTheFileWithoutItsControlCharactersAndNotAtLength() throws IOException {
    assertRefused(
        new PickleWriter().global("os\u001b[2J", "system").stop(),
        "the pickle wants 'os?[2J.system'");

    String name = "x".repeat(10_000);
    byte[] twice =
        TorchFileTest.dictionary(
            entries ->
                entries
                    .text(name + "._packed_params.weight")
                    .vector("FloatStorage", "0", 4)
                    .text(name + ".weight")
                    .vector("FloatStorage", "0", 4));
    assertThatThrownBy(() -> Checkpoint.read(write(TorchFiles.zip(twice, STORAGES))))
        .hasMessageContaining("two tensors 'xxx")
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(1_000));
  }

  static Stream<PickleWriter> brokenStacks() {
    return Stream.of(
        new PickleWriter(),
        new PickleWriter().raw('R'),
        new PickleWriter().raw(')', 'R'),
        new PickleWriter().raw(')', ')', 'R'),
        new PickleWriter().raw('N', ')', 'R'),
        new PickleWriter().raw('t'),
        new PickleWriter().raw('u'),
        new PickleWriter().raw('(', 'u'),
        new PickleWriter().raw('}', '(', 'N', 'u'),
        new PickleWriter().raw('}', ']', 'N', 's'),
        new PickleWriter().raw('}', '}', 'N', 's'),
        new PickleWriter().raw('}', ')', 'N', 's'),
        new PickleWriter().raw('N', 'N', 'N', 's'),
        new PickleWriter().raw('N', 'a'),
        new PickleWriter().raw('(', 'e'),
        new PickleWriter().raw('(', '(', 'N', 0x93, 't'),
        new PickleWriter().raw('q', 0),
        new PickleWriter().raw('h', 0),
        new PickleWriter().raw('j', -1, -1, -1, -1),
        new PickleWriter().raw(0x87),
        new PickleWriter().raw('Q'),
        new PickleWriter().raw('N', 'Q'),
        new PickleWriter().raw(')', 'Q'),
        new PickleWriter().raw('N', 'N', 'b'),
        new PickleWriter().raw(0x80, 5),
        new PickleWriter().raw(0x80, 0),
        new PickleWriter().raw(0x8a, 255),
        new PickleWriter().raw('X', -1, -1, -1, -1),
        new PickleWriter().raw('X', -1, -1, -1, 127),
        new PickleWriter().raw(0x8d, -1, -1, -1, -1, -1, -1, -1, -1),
        new PickleWriter().raw('c').raw(new int[1000]),
        new PickleWriter().emptyOrderedDictionary().raw(')', 'R'),
        new PickleWriter().global("collections", "OrderedDict").raw('N', 0x85, 'R'),
        new PickleWriter().global("torch", "device").raw(')', 'R'),
        new PickleWriter().global("torch", "FloatStorage").raw(')', 'R'),
        new PickleWriter().global("torch._utils", "_rebuild_tensor_v2").raw(')', 'R'),
        new PickleWriter().global("torch._utils", "_rebuild_parameter").raw(')', 'R'));
  }

  @ParameterizedTest
  @MethodSource("brokenStacks")
  void brokenProgramIsRefused(PickleWriter program) throws IOException {
    assertRefused(program.stop(), "cannot be read");
  }

  @Test
  void structureThatContainsItselfIsNeverWalked() throws IOException {
    byte[] list = new PickleWriter().raw(']').put(0).get(0).raw('a').stop();
    byte[] key = new PickleWriter().raw('}', ']').put(0).get(0).raw('a', 0x85, 'N', 's').stop();
    byte[] dictionary =
        new PickleWriter().raw('}').put(0).text("state_dict").get(0).raw('s').stop();

    assertRefused(list, "no dictionary of tensors");
    assertRefused(key, "a key that is neither text nor number");
    assertRefused(dictionary, "no dictionary of tensors");
  }

  @Test
  void tupleOfTuplesOfTuplesIsReadInBoundedMemory() throws IOException {
    // Each holds the one before twice: 2^200 leaves.
    PickleWriter bomb = new PickleWriter().raw('}').text("x").raw(')');
    for (int i = 0; i < 200; i++) {
      bomb.put(0).get(0).raw(0x86);
    }

    assertRefused(bomb.raw('s').stop(), "no dictionary of tensors");
  }

  @ParameterizedTest
  @ValueSource(chars = {'}', '(', 'N'})
  void endlessInstructionsAreRefused(char code) throws IOException {
    byte[] pickle = new byte[1_000_000];
    Arrays.fill(pickle, (byte) code);
    pickle[0] = (byte) 0x80;
    pickle[1] = 2;

    assertRefused(pickle, "stack deeper than 100,000");
  }

  @Test
  void objectsAreChargedToTheBudgetOfThePickle() {
    // A list that is given new dictionaries, so that the stack stays low.
    PickleWriter pickle = new PickleWriter().raw(']');
    for (int i = 0; i < 1000; i++) {
      pickle.raw('}', 'a');
    }
    Budget budget = new Budget(10_000);

    assertThatThrownBy(
            () ->
                PickleReader.read(
                    new PickleInput(new ByteArrayInputStream(pickle.stop()), budget),
                    budget,
                    new TorchNames()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("asks for");
    assertThat(budget.peak()).isBetween(9_000L, 10_000L);
  }

  @Test
  void millionsOfInstructionsAreRefused() throws IOException {
    PickleWriter pickle = new PickleWriter().raw('}');
    for (int i = 0; i <= PickleReader.MOST_INSTRUCTIONS / 2; i++) {
      pickle.raw('N', 'b');
    }

    assertRefused(pickle.stop(), "more than 2,000,000 instructions");
  }

  static Stream<Consumer<PickleWriter>> tensorsOutsideTheirStorage() {
    return Stream.of(
        tensor(4, 0, new long[] {5}, new long[] {1}),
        tensor(4, 1, new long[] {4}, new long[] {1}),
        tensor(4, 5, new long[] {}, new long[] {}),
        tensor(4, 0, new long[] {2, 2}, new long[] {3, 1}),
        tensor(4, -1, new long[] {1}, new long[] {1}),
        tensor(4, Long.MAX_VALUE, new long[] {1}, new long[] {1}),
        tensor(4, 0, new long[] {-1}, new long[] {1}),
        tensor(4, 3, new long[] {2}, new long[] {-1}),
        tensor(4, 0, new long[] {4}, new long[] {}),
        tensor(4, 0, new long[17], new long[17]),
        tensor(4, 0, new long[] {1L << 32}, new long[] {0}),
        tensor(4, 0, new long[] {1 << 30}, new long[] {0}),
        tensor(4, 0, new long[] {1 << 30, 1 << 30, 1 << 30}, new long[] {0, 0, 0}),
        tensor(4, 0, new long[] {1 << 30, 1 << 30}, new long[] {1 << 30, 1 << 30}),
        tensor(-1, 0, new long[] {1}, new long[] {1}),
        tensor(5, 0, new long[] {1}, new long[] {1}),
        tensor(3, 0, new long[] {1}, new long[] {1}),
        tensor(1L << 30, 0, new long[] {1 << 30}, new long[] {1}),
        tensor(1L << 60, 0, new long[] {1}, new long[] {1}));
  }

  private static Consumer<PickleWriter> tensor(
      long elements, long offset, long[] shape, long[] strides) {
    return entries ->
        entries.text("x").tensor("FloatStorage", "0", elements, offset, shape, strides);
  }

  @ParameterizedTest
  @MethodSource("tensorsOutsideTheirStorage")
  void tensorOutsideItsStorageIsRefused(Consumer<PickleWriter> entries) throws IOException {
    assertRefused(TorchFileTest.dictionary(entries), "cannot be read");
  }

  @Test
  void storageThatIsAbsentOrHasTwoTypesIsRefused() throws IOException {
    assertRefused(
        TorchFileTest.dictionary(entries -> entries.text("x").vector("FloatStorage", "7", 4)),
        "cannot be read");
    assertRefused(
        TorchFileTest.dictionary(
            entries ->
                entries
                    .text("x")
                    .vector("FloatStorage", "0", 4)
                    .text("y")
                    .vector("IntStorage", "0", 4)),
        "has two types or sizes");
    assertRefused(
        TorchFileTest.dictionary(
            entries -> entries.text("x").vector("ComplexFloatStorage", "0", 4)),
        "'torch.ComplexFloatStorage'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "/etc/passwd",
        "model/../../x",
        "a\\..\\b",
        "model//data",
        "..",
        "a\nb"
      })
  void nameThatLeavesTheArchiveIsRefused(String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      TorchFiles.store(zip, "model/data.pkl", GOOD);
      TorchFiles.store(zip, "model/data/0", NUMBERS);
      TorchFiles.store(zip, name, new byte[1]);
    }

    assertThatThrownBy(() -> Checkpoint.read(write(bytes.toByteArray())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("a file name that leaves the archive");
  }

  @Test
  void zipBombIsRefusedBeforeItIsInflated() throws IOException {
    byte[] zeros = new byte[200 << 20];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      TorchFiles.store(
          zip,
          "model/data.pkl",
          TorchFileTest.dictionary(
              entries -> entries.text("x").vector("FloatStorage", "0", zeros.length / 4)));
      zip.putNextEntry(new ZipEntry("model/data/0"));
      zip.write(zeros);
    }
    assertThat(bytes.size()).isLessThan(1 << 20);

    assertThatThrownBy(() -> Checkpoint.read(write(bytes.toByteArray())))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("asks for 209,715,200 bytes of memory");
  }

  @Test
  void secondFileOfOneNameIsRefused() throws IOException {
    byte[] file = TorchFiles.zip(GOOD, Map.of("0", NUMBERS, "1", new byte[0]));
    replaceAll(file, "model/data/1", "model/data/0");

    assertThatThrownBy(() -> Checkpoint.read(write(file)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("two files 'model/data/0'");
  }

  @Test
  void damagedStorageIsNoticedByItsChecksum() throws IOException {
    byte[] file = TorchFiles.zip(GOOD, STORAGES);
    int three = indexOf(file, TorchFiles.floats(3), 0);
    file[three] ^= 1;

    assertThatThrownBy(() -> Checkpoint.read(write(file)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'model/data/0' is damaged");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 15, 17, 1 << 30})
  void sizeThatTheDirectoryMisstatesIsRefused(int size) throws IOException {
    byte[] file = TorchFiles.zip(GOOD, STORAGES);
    byte[] signature = {'P', 'K', 1, 2};
    int second = indexOf(file, signature, indexOf(file, signature, 0) + 1);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(second + 24, size);

    assertThatThrownBy(() -> Checkpoint.read(write(file))).isInstanceOf(CheckpointException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyTruncationIsRefused(boolean zip) throws IOException {
    byte[] file = zip ? TorchFiles.zip(GOOD, STORAGES) : TorchFiles.legacy(GOOD, STORAGES);
    assertThat(Checkpoint.read(write(file)).names()).containsExactly("x", "y");
    for (int i = 0; i < 37; i++) {
      byte[] cut = Arrays.copyOf(file, file.length * i / 37);
      assertThatThrownBy(() -> Checkpoint.read(write(cut)))
          .as("%d bytes", cut.length)
          .isInstanceOf(CheckpointException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void flippedBitsAreRefusedOrReadButNothingElseHappens(boolean zip) throws IOException {
    byte[] file = zip ? TorchFiles.zip(GOOD, STORAGES) : TorchFiles.legacy(GOOD, STORAGES);
    Random random = new Random(20261127);
    for (int i = 0; i < 1_500; i++) {
      byte[] flipped = file.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      assertRefusedOrRead(write(flipped), "flip %d of seed 20261127".formatted(i));
    }
  }

  /** Anything but a {@link CheckpointException} fails the test, and errors do too. */
  static void assertRefusedOrRead(Path file, String description) {
    try {
      assertThat(Checkpoint.read(file).names()).as(description).isNotEmpty();
    } catch (CheckpointException refused) {
      assertThat(refused).as(description).hasMessageContaining(file.getFileName().toString());
    }
  }

  /** In both formats. */
  private void assertRefused(byte[] pickle, String message) throws IOException {
    for (byte[] file :
        new byte[][] {TorchFiles.zip(pickle, STORAGES), TorchFiles.legacy(pickle, STORAGES)}) {
      Path path = write(file);
      assertThatThrownBy(() -> Checkpoint.read(path))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(message);
    }
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(directory.resolve("hostile.pt"), file);
  }

  private static void replaceAll(byte[] file, String from, String to) {
    byte[] wanted = from.getBytes(UTF_8);
    for (int at = indexOf(file, wanted, 0); at >= 0; at = indexOf(file, wanted, at + 1)) {
      System.arraycopy(to.getBytes(UTF_8), 0, file, at, wanted.length);
    }
  }

  private static int indexOf(byte[] file, byte[] wanted, int from) {
    for (int at = from; at <= file.length - wanted.length; at++) {
      if (Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }
}
