package dev.facet.models;

import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A model on disk in the form in which the services run it.
 *
 * @param precision of the numbers inside the graphs; not part of the id
 * @param graphs the ONNX files by part: one under {@link #WHOLE}, or those of a cascade such as
 *     MTCNN under the names of its stages
 */
public record ServedModel(
    ModelRecord model, ModelId id, Precision precision, Map<String, Path> graphs) {

  /** The part of a model that has only one: input {@code image}, uint8 [N, height, width, 3]. */
  public static final String WHOLE = Architecture.WHOLE;

  public ServedModel {
    graphs = Map.copyOf(graphs);
  }

  /** The only graph. */
  public Path path() {
    return path(WHOLE);
  }

  /**
   * The graph of one part.
   *
   * @throws IllegalArgumentException if the model has no such part
   */
  public Path path(String part) {
    Path path = graphs.get(part);
    if (path == null) {
      throw new IllegalArgumentException(
          "%s has no part '%s', only %s".formatted(model.name(), part, graphs.keySet()));
    }
    return path;
  }

  /** Bytes of all graphs together; empty when the files are no longer there. */
  public OptionalLong graphBytes() {
    long bytes = 0;
    try {
      for (Path graph : graphs.values()) {
        bytes += Files.size(graph);
      }
      return OptionalLong.of(bytes);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
