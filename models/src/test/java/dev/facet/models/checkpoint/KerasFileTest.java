package dev.facet.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerasFileTest {

  @TempDir Path directory;

  @Test
  void weightsHaveKerasNamesAndItsOrder() {
    Weights weights = Checkpoint.read(keras("layer_names"));

    assertThat(weights.names()).containsExactly("conv/kernel:0", "conv/bias:0", "fc/kernel:0");
    assertThat(weights.values("conv/kernel:0", 1, 2, 3)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(weights.values("conv/bias:0", 3)).containsExactly(-1, 0, 1);
    assertThat(weights.values("fc/kernel:0", 2, 1)).containsExactly(0.5f, 0.25f);
  }

  @Test
  void longListOfNamesIsCutIntoSeveralAttributes() {
    assertThat(Checkpoint.read(keras("layer_names0")).names()).hasSize(3);
  }

  @Test
  void wholeModelKeepsItsWeightsInAGroup() {
    Path file = directory.resolve("whole.h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      fill(hdf.putGroup("model_weights"), "layer_names");
    }

    assertThat(Checkpoint.read(file).names()).hasSize(3);
  }

  @Test
  void otherLayoutIsRefused() {
    assertThatThrownBy(() -> Checkpoint.read(keras("names")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("a Keras weights file (HDF5), cannot be read")
        .hasMessageContaining("no attribute 'layer_names'");
  }

  @Test
  void listedWeightThatIsAbsentIsRefused() {
    Path file = directory.resolve("absent.h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putAttribute("layer_names", new String[] {"conv"});
      hdf.putGroup("conv").putAttribute("weight_names", new String[] {"kernel:0"});
    }

    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no dataset 'kernel:0' in 'conv'");
  }

  @Test
  void linkBackToTheRootIsRefusedBeforeItIsFollowed() throws IOException {
    byte[] file = Files.readAllBytes(keras("layer_names"));
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long root = bytes.getLong(36);
    // The root's link to the group `conv`: the length of its name, the name, the address.
    int name = indexOf(file, new byte[] {4, 'c', 'o', 'n', 'v'});
    bytes.putLong(name + 5, root);

    assertThatThrownBy(() -> Checkpoint.read(write(file)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("two ways to one block");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] file = Files.readAllBytes(keras("layer_names"));
    for (int i = 0; i < 37; i++) {
      byte[] cut = Arrays.copyOf(file, file.length * i / 37);
      assertThatThrownBy(() -> Checkpoint.read(write(cut)))
          .as("%d bytes", cut.length)
          .isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void flippedBitsAreRefusedOrReadButNothingElseHappens() throws IOException {
    byte[] file = Files.readAllBytes(keras("layer_names"));
    Random random = new Random(20261127);
    for (int i = 0; i < 1_000; i++) {
      byte[] flipped = file.clone();
      for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      }
      HostileCheckpointTest.assertRefusedOrRead(write(flipped), "flip %d".formatted(i));
    }
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(directory.resolve("hostile.h5"), file);
  }

  private Path keras(String layerNames) {
    Path file = directory.resolve("weights.h5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      fill(hdf, layerNames);
    }
    return file;
  }

  private static void fill(WritableGroup root, String layerNames) {
    root.putAttribute(layerNames, new String[] {"conv", "fc"});
    WritableGroup conv = root.putGroup("conv");
    conv.putAttribute("weight_names", new String[] {"conv/kernel:0", "conv/bias:0"});
    WritableGroup weights = conv.putGroup("conv");
    weights.putDataset("bias:0", new float[] {-1, 0, 1});
    weights.putDataset("kernel:0", new float[][][] {{{1, 2, 3}, {4, 5, 6}}});
    WritableGroup fc = root.putGroup("fc");
    fc.putAttribute("weight_names", new String[] {"fc/kernel:0"});
    fc.putGroup("fc").putDataset("kernel:0", new double[][] {{0.5}, {0.25}});
  }

  private static int indexOf(byte[] file, byte[] wanted) {
    for (int at = 0; ; at++) {
      if (Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
  }
}
