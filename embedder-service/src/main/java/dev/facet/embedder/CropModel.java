package dev.facet.embedder;

import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.models.CropGeometry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** A served embedding graph as a batch model: crops in, vectors out. */
final class CropModel implements BatchModel<byte[], float[]> {
  /** Of a unit vector computed in fp32 the squares add up to 1 within rounding; fp16 is coarser. */
  private static final double UNIT_TOLERANCE = 1e-3;

  private static final String OUTPUT = "embedding";

  private final OnnxModel onnx;
  private final CropGeometry crop;
  private final IntUnaryOperator runSize;

  /**
   * @param runSize the batch size to run for so many crops, not below it; what is added is blank
   */
  CropModel(OnnxModel onnx, CropGeometry crop, IntUnaryOperator runSize) {
    this.onnx = onnx;
    this.crop = crop;
    this.runSize = runSize;
  }

  @Override
  public List<float[]> run(List<byte[]> crops) {
    int size = runSize.applyAsInt(crops.size());
    ByteBuffer pixels = ByteBuffer.allocateDirect(size * crop.width() * crop.height() * 3);
    crops.forEach(pixels::put);
    var embedding = onnx.run(pixels.clear(), size, crop.height(), crop.width(), 3).get(OUTPUT);
    if (embedding == null) {
      throw new IllegalStateException("the model has no output named " + OUTPUT);
    }
    List<float[]> vectors = new ArrayList<>(crops.size());
    for (int i = 0; i < crops.size(); i++) {
      vectors.add(embedding.item(i));
    }
    return vectors;
  }

  @Override
  public Optional<String> flaw(float[] vector) {
    return flawOf(vector);
  }

  /** NaN fails the comparison too. */
  static Optional<String> flawOf(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.abs(squares - 1) <= UNIT_TOLERANCE
        ? Optional.empty()
        : Optional.of("the vector is not of unit length");
  }
}
