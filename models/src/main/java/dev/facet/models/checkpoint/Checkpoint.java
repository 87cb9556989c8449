package dev.facet.models.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The door to trained weights: tells a file's format by its first bytes and reads it.
 *
 * <p>Known are PyTorch state dicts in both formats, TensorFlow.js weight manifests with their
 * shards, and Keras weights in HDF5. Nothing that a file says is run, and a file has the reader
 * take at most sixteen times its own size in memory, whatever it claims.
 */
public final class Checkpoint {

  static final long LARGEST_FILE_BYTES = 1L << 29;

  private static final int MAGIC_BYTES = 64;
  private static final int LONGEST_DETAIL = 500;
  private static final String PICKLE = "\u0080";

  private enum Format {
    TORCH_ZIP("a PyTorch checkpoint (zip)"),
    TORCH_LEGACY("a PyTorch checkpoint (legacy)"),
    TENSORFLOW_JS("a TensorFlow.js weight manifest"),
    KERAS("a Keras weights file (HDF5)");

    private final String description;

    Format(String description) {
      this.description = description;
    }
  }

  private Checkpoint() {}

  /**
   * Reads the weights of one network.
   *
   * @param files one checkpoint; or a manifest, then its shards in any order, under the names that
   *     the manifest gives them
   * @throws CheckpointException if the files cannot be read, are of no known format, damaged,
   *     larger than 512 MiB together, or want more than weights need; the message names file and
   *     format
   */
  public static Weights read(List<Path> files) {
    if (files.isEmpty()) {
      throw new CheckpointException("no file to read weights from");
    }
    Path file = files.getFirst();
    try {
      long bytes = 0;
      for (Path each : files) {
        bytes += size(each);
      }
      if (bytes > LARGEST_FILE_BYTES) {
        throw new CheckpointException(
            "%s has %,d bytes; the most is %,d".formatted(file, bytes, LARGEST_FILE_BYTES));
      }
      return read(format(file), files, Budget.ofFiles(bytes));
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file, e);
    }
  }

  /** As {@link #read(List)}, for a checkpoint of one file. */
  public static Weights read(Path file) {
    return read(List.of(file));
  }

  private static long size(Path file) throws IOException {
    // A pipe or a device would have no end.
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException("%s is no file".formatted(file));
    }
    return Files.size(file);
  }

  private static Weights read(Format format, List<Path> files, Budget budget) {
    Path file = files.getFirst();
    try {
      if (files.size() > 1 && format != Format.TENSORFLOW_JS) {
        throw new CheckpointException(
            "has all in one file, but %d are given".formatted(files.size()));
      }
      return switch (format) {
        case TORCH_ZIP -> ZipTorchFile.read(file, budget);
        case TORCH_LEGACY -> LegacyTorchFile.read(file, budget);
        case TENSORFLOW_JS -> WeightManifest.read(file, files.subList(1, files.size()), budget);
        case KERAS -> KerasFile.read(file, budget);
      };
    } catch (CheckpointException | IOException e) {
      throw new CheckpointException(
          "%s, %s, cannot be read: %s".formatted(file, format.description, detail(e)), e);
    }
  }

  /** A message that may quote the file: of bounded length, and harmless to a terminal. */
  private static String detail(Exception e) {
    String message = Objects.requireNonNullElse(e.getMessage(), "cut short");
    return message
        .substring(0, Math.min(message.length(), LONGEST_DETAIL))
        .replaceAll("\\p{Cntrl}", "?");
  }

  private static Format format(Path file) throws IOException {
    byte[] first;
    try (InputStream in = Files.newInputStream(file)) {
      first = in.readNBytes(MAGIC_BYTES);
    }
    String magic = new String(first, ISO_8859_1);
    if (magic.startsWith("PK\3\4")) {
      return Format.TORCH_ZIP;
    }
    if (magic.startsWith(PICKLE)) {
      return Format.TORCH_LEGACY;
    }
    if (magic.startsWith("\u0089HDF\r\n\u001a\n")) {
      return Format.KERAS;
    }
    if (magic.stripLeading().startsWith("[") || magic.stripLeading().startsWith("{")) {
      return Format.TENSORFLOW_JS;
    }
    throw new CheckpointException(
        "%s is no checkpoint: it begins with %s; known are PyTorch's zip (50 4b) and legacy (80), "
                .formatted(
                    file, HexFormat.ofDelimiter(" ").formatHex(first, 0, Math.min(8, first.length)))
            + "HDF5 (89 48 44 46) and the JSON of a TensorFlow.js manifest");
  }
}
