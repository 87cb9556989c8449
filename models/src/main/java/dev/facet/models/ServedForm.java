package dev.facet.models;

import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the files that somebody published to the graphs that the services run. */
final class ServedForm {

  private ServedForm() {}

  /**
   * The graphs of a model by part, see {@link ServedModel#graphs}; equal files give equal bytes.
   *
   * @param originals verified, in the order of the catalogue
   * @throws GraphException if a graph is not what the catalogue says of it, or cannot be moved to
   *     that precision
   * @throws CheckpointException if weights are not what the catalogue says of them
   */
  static Map<String, byte[]> of(ModelRecord model, List<Path> originals, Precision precision)
      throws IOException {
    if (!model.architecture().equals(ModelRecord.ONNX)) {
      return built(model, Architecture.named(model.architecture()), originals, precision);
    }
    byte[] graph = Files.readAllBytes(originals.getFirst());
    return Map.of(ServedModel.WHOLE, finished(model, graph, precision));
  }

  /** The originals of a network in parts, which has a file for each. */
  static Map<String, Path> checkpoints(ModelRecord model, List<Path> originals) {
    if (model.architecture().equals(ModelRecord.ONNX)) {
      return Map.of();
    }
    List<String> parts = Architecture.named(model.architecture()).parts();
    Map<String, Path> files = new LinkedHashMap<>();
    for (int i = 0; parts.size() > 1 && i < parts.size(); i++) {
      files.put(parts.get(i), originals.get(i));
    }
    return files;
  }

  /** What the file of one part is called beside the originals. */
  static String fileName(ModelId id, String part, Precision precision) {
    return "%s-%s.served-%d-%s%s%s.onnx"
        .formatted(
            id.name(),
            id.weightsSha256().substring(0, 16),
            GraphRewriter.VERSION,
            id.preprocessingSha256().substring(0, 16),
            part.equals(ServedModel.WHOLE) ? "" : "-" + part,
            precision == Precision.FP32 ? "" : "-" + precision.lowerName());
  }

  /**
   * The network of a model in one part as it computes, in float32, before anything is done to its
   * ends.
   *
   * @throws CheckpointException if weights are not what the catalogue says of them
   */
  static byte[] network(ModelRecord model, List<Path> originals) throws IOException {
    return model.architecture().equals(ModelRecord.ONNX)
        ? Files.readAllBytes(originals.getFirst())
        : Architecture.named(model.architecture())
            .build(Architecture.WHOLE, Checkpoint.read(originals));
  }

  private static Map<String, byte[]> built(
      ModelRecord model, Architecture architecture, List<Path> originals, Precision precision) {
    List<String> parts = architecture.parts();
    Map<String, byte[]> graphs = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      // A network in parts has a file for each; one in one part may have several for it.
      List<Path> files = parts.size() == 1 ? originals : List.of(originals.get(i));
      byte[] graph = architecture.build(parts.get(i), Checkpoint.read(files));
      // The stages of a cascade take its pictures as they are, and do their own preprocessing.
      graphs.put(
          parts.get(i),
          parts.size() == 1
              ? finished(model, graph, precision)
              : GraphRewriter.moved(graph, precision));
    }
    return graphs;
  }

  private static byte[] finished(ModelRecord model, byte[] graph, Precision precision) {
    GraphRewriter rewriter =
        GraphRewriter.of(graph, precision)
            .imageInput(model.pixels().order(), model.pixels().normalisation());
    return switch (model.task()) {
      case Task.Embedding embedding -> rewriter.unitEmbedding(embedding.dimension()).toByteArray();
      case Task.Detection _ -> rewriter.toByteArray();
    };
  }
}
