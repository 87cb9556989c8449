package dev.facet.models;

import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A model on disk in the form in which the services run it.
 *
 * @param precision of the numbers inside the graphs; not part of the id
 * @param graphs the ONNX files by part: one under {@link #WHOLE}, or those of a cascade such as
 *     MTCNN under the names of its stages
 * @param checkpoints of a cascade the trained weights from which each graph was built, by part
 */
public record ServedModel(
    ModelRecord model,
    ModelId id,
    Precision precision,
    Map<String, Path> graphs,
    Map<String, Path> checkpoints) {

  /** The part of a model that has only one: input {@code image}, uint8 [N, height, width, 3]. */
  public static final String WHOLE = Architecture.WHOLE;

  public ServedModel {
    graphs = Map.copyOf(graphs);
    checkpoints = Map.copyOf(checkpoints);
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

  /**
   * The trained weights of one part, for who computes it without its graph; empty where the graph
   * was not built from a checkpoint of its own.
   *
   * @throws dev.facet.models.checkpoint.CheckpointException if the file cannot be read
   */
  public Optional<Weights> weights(String part) {
    return Optional.ofNullable(checkpoints.get(part)).map(Checkpoint::read);
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
