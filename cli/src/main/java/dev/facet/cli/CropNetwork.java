package dev.facet.cli;

import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.CropGeometry;
import dev.facet.models.ModelRecord;
import dev.facet.models.Task;
import dev.facet.models.graph.GraphRewriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A network in a file of its own that is gone afterwards, run on crops of faces, one thread. */
final class CropNetwork implements AutoCloseable {

  private static final int BATCH = 8;

  private final CropGeometry geometry;
  private final Path file;
  private final OnnxModel model;

  private CropNetwork(CropGeometry geometry, byte[] graph) {
    this.geometry = geometry;
    try {
      this.file = Files.createTempFile("facet-", ".onnx");
      Files.write(file, graph);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.model = OnnxModel.load(file, OnnxSettings.cpu());
  }

  /** Takes the crops of a model, and gives what the network gives. */
  static CropNetwork raw(ModelRecord model, byte[] network) {
    return new CropNetwork(embedding(model).crop(), onPixels(model, network).toByteArray());
  }

  /** Gives unit vectors, as the services serve it. */
  static CropNetwork embedder(ModelRecord model, byte[] network) {
    Task.Embedding task = embedding(model);
    return new CropNetwork(
        task.crop(), onPixels(model, network).unitEmbedding(task.dimension()).toByteArray());
  }

  private static GraphRewriter onPixels(ModelRecord model, byte[] network) {
    return GraphRewriter.of(network)
        .imageInput(model.pixels().order(), model.pixels().normalisation());
  }

  private static Task.Embedding embedding(ModelRecord model) {
    return (Task.Embedding) model.task();
  }

  /** The graph, as long as this is open. */
  Path file() {
    return file;
  }

  /** Runs all crops, a few at a time, and hands on the outputs of each run in the graph's order. */
  void run(List<byte[]> crops, int batch, Consumer<List<FloatTensor>> outputs) {
    for (int first = 0; first < crops.size(); first += batch) {
      List<byte[]> some = crops.subList(first, Math.min(crops.size(), first + batch));
      ByteBuffer pixels =
          ByteBuffer.allocateDirect(some.size() * geometry.width() * geometry.height() * 3);
      some.forEach(pixels::put);
      outputs.accept(
          List.copyOf(
              model
                  .run(pixels.flip(), some.size(), geometry.height(), geometry.width(), 3)
                  .values()));
    }
  }

  /** The vectors of crops. */
  List<float[]> embed(List<byte[]> crops) {
    List<float[]> vectors = new ArrayList<>();
    run(
        crops,
        BATCH,
        outputs -> {
          FloatTensor output = outputs.getFirst();
          for (int i = 0; i < output.shape().getFirst(); i++) {
            vectors.add(output.item(i));
          }
        });
    return vectors;
  }

  @Override
  public void close() {
    model.close();
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
