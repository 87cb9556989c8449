package dev.facet.models.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\b\u0006\u0012\u0007onnx", "<html>404</html>", "PK"})
  void fileOfNoKnownFormatIsRefusedWithItsFirstBytes(String contents) throws IOException {
    Path file = Files.writeString(directory.resolve("model.onnx"), contents, ISO_8859_1);

    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.onnx is no checkpoint: it begins with");
  }

  @ParameterizedTest
  @CsvSource({
    "'PK\u0003\u0004', a PyTorch checkpoint (zip)",
    "'\u0080\u0002', a PyTorch checkpoint (legacy)",
    "'\u0089HDF\r\n\u001a\n', a Keras weights file (HDF5)",
    "'\n [', a TensorFlow.js weight manifest"
  })
  void errorNamesFileAndFormat(String contents, String format) throws IOException {
    Path file = Files.writeString(directory.resolve("model"), contents, ISO_8859_1);

    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("%s, %s, cannot be read: ".formatted(file, format))
        .hasMessageNotContaining("null");
  }

  @Test
  void whatIsNoFileIsRefused() {
    assertThatThrownBy(() -> Checkpoint.read(directory))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is no file");
    assertThatThrownBy(() -> Checkpoint.read(directory.resolve("absent")))
        .isInstanceOf(CheckpointException.class);
    assertThatThrownBy(() -> Checkpoint.read(List.of())).isInstanceOf(CheckpointException.class);
  }

  @Test
  void fileThatIsTooLargeIsRefusedUnread() throws IOException {
    Path file = directory.resolve("large.pt");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(Checkpoint.LARGEST_FILE_BYTES + 1);
    }

    assertThatThrownBy(() -> Checkpoint.read(file))
        .hasMessageContaining("has 536,870,913 bytes; the most is 536,870,912");
  }

  @Test
  void secondFileBesideACheckpointIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("a.pt"), "PK\u0003\u0004", ISO_8859_1);

    assertThatThrownBy(() -> Checkpoint.read(List.of(file, file)))
        .hasMessageContaining("has all in one file, but 2 are given");
  }
}
