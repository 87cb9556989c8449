package dev.facet.models;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Files of weights, or an ONNX file, as the graphs that the services run, outside of any store.
 *
 * @param record says how pictures become the network's numbers; its own files do not count
 */
public record Conversion(ModelRecord record) {

  private static final long LARGEST_FILE_BYTES = 1L << 29; // as of checkpoints

  /** What a file can be taken for: {@code onnx}, and the networks of which weights can be read. */
  public static List<String> architectures() {
    return Stream.concat(
            Stream.of(ModelRecord.ONNX),
            Arrays.stream(Architecture.values()).map(Architecture::label))
        .toList();
  }

  /**
   * The conversion of one of the {@link #architectures}, as the first entry of the catalogue has
   * it; for {@code onnx}, where each file is prepared otherwise, the entry with that very file.
   *
   * @throws IllegalArgumentException if there is no such architecture, or no such entry
   * @throws IOException if the file cannot be read
   */
  public static Conversion of(Catalogue catalogue, String architecture, List<Path> files)
      throws IOException {
    if (!architectures().contains(architecture)) {
      throw new IllegalArgumentException(
          "architecture '%s' is unknown; known are %s"
              .formatted(architecture, String.join(", ", architectures())));
    }
    String sha256 =
        architecture.equals(ModelRecord.ONNX) && files.size() == 1
            ? Sha256.of(files.getFirst())
            : "";
    return catalogue.models().stream()
        .filter(model -> model.architecture().equals(architecture))
        .filter(model -> sha256.isEmpty() || model.weightsSha256().equals(sha256))
        .findFirst()
        .map(Conversion::new)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no model of the catalogue has the file %s: it does not say how its input is"
                            .formatted(files.getFirst())
                        + " prepared"));
  }

  /**
   * The graphs by part, see {@link ServedModel#graphs}; equal files give equal bytes.
   *
   * @throws CheckpointException if the files are not those of that network, or too large
   * @throws GraphException if a file is no graph of that kind, or cannot be moved to the precision
   * @throws IOException if a file cannot be read
   */
  public Map<String, byte[]> graphs(List<Path> files, Precision precision) throws IOException {
    if (record.architecture().equals(ModelRecord.ONNX)) {
      requireOneGraph(files);
    } else {
      requireFilesOf(Architecture.named(record.architecture()), files);
    }
    return ServedForm.of(record, files, precision);
  }

  /**
   * The network of a model in one part as it computes, in float32: pixels that are prepared
   * already, [N, 3, height, width], to whatever it gives.
   *
   * @throws CheckpointException if the files are not those of that network, or too large
   * @throws IOException if a file cannot be read
   */
  public byte[] network(List<Path> files) throws IOException {
    if (record.architecture().equals(ModelRecord.ONNX)) {
      requireOneGraph(files);
    }
    return ServedForm.network(record, files);
  }

  private static void requireOneGraph(List<Path> files) throws IOException {
    if (files.size() != 1) {
      throw new CheckpointException("a graph is one file, not %d".formatted(files.size()));
    }
    Path file = files.getFirst();
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CheckpointException("%s is no file".formatted(file)); // a pipe would have no end
    }
    if (Files.size(file) > LARGEST_FILE_BYTES) {
      throw new CheckpointException(
          "%s has %,d bytes; the most is %,d"
              .formatted(file, Files.size(file), LARGEST_FILE_BYTES));
    }
  }

  private static void requireFilesOf(Architecture architecture, List<Path> files) {
    int parts = architecture.parts().size();
    if (parts > 1 && files.size() != parts) {
      throw new CheckpointException(
          "%s has the parts %s, with a file for each in this order, not %d"
              .formatted(
                  architecture.label(), String.join(", ", architecture.parts()), files.size()));
    }
  }
}
