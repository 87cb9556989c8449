package dev.facet.detector;

import dev.facet.detector.Canvas.Shape;
import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * YuNet's graph as a batch model: canvases of one shape in, their candidate faces out.
 *
 * <p>The network predicts one candidate for each cell of three grids, of 8, 16 and 32 pixels a
 * cell. With (c, r) the cell's column and row and s its size, a candidate has the score √(cls·obj),
 * the centre ((c + dx)·s, (r + dy)·s), the size (s·eʷ, s·eʰ), and landmarks at ((c + x)·s, (r +
 * y)·s): the decoding of libfacedetection.train and of OpenCV's FaceDetectorYN.
 */
final class YuNetGraph implements BatchModel<Canvas, List<Face>>, AutoCloseable {
  private static final int[] STRIDES = {8, 16, 32};
  private static final int BOX_NUMBERS = 4;
  private static final int LANDMARK_NUMBERS = 10;

  private final OnnxModel onnx;
  private final IntUnaryOperator runSize;

  /**
   * Takes a loaded model over.
   *
   * @param runSize from the number of canvases to the number run, the rest being black
   */
  YuNetGraph(OnnxModel onnx, IntUnaryOperator runSize) {
    this.onnx = onnx;
    this.runSize = runSize;
  }

  @Override
  public Object shape(Canvas canvas) {
    return canvas.shape().runsAlone() ? new Object() : canvas.shape();
  }

  @Override
  public List<List<Face>> run(List<Canvas> canvases) {
    Shape shape = canvases.getFirst().shape();
    int images = runSize.applyAsInt(canvases.size());
    ByteBuffer pixels = ByteBuffer.allocateDirect(images * shape.bytes());
    canvases.forEach(canvas -> pixels.put(canvas.pixels().rgb()));
    Map<String, FloatTensor> outputs =
        onnx.run(pixels.clear(), images, shape.height(), shape.width(), 3);
    List<List<Face>> answers = new ArrayList<>(canvases.size());
    for (int i = 0; i < canvases.size(); i++) {
      List<Face> faces = new ArrayList<>();
      for (int stride : STRIDES) {
        new Grid(outputs, stride, shape, i).addTo(faces, canvases.get(i).minScore());
      }
      answers.add(faces);
    }
    return answers;
  }

  @Override
  public void close() {
    onnx.close();
  }

  /** The candidates of one image at one stride. */
  private static final class Grid {
    private final int stride;
    private final int columns;
    private final int cells;
    private final int first;
    private final FloatBuffer classes;
    private final FloatBuffer objects;
    private final FloatBuffer boxes;
    private final FloatBuffer landmarks;

    Grid(Map<String, FloatTensor> outputs, int stride, Shape shape, int image) {
      this.stride = stride;
      columns = shape.width() / stride;
      cells = columns * (shape.height() / stride);
      first = image * cells;
      classes = values(outputs, "cls_" + stride);
      objects = values(outputs, "obj_" + stride);
      boxes = values(outputs, "bbox_" + stride);
      landmarks = values(outputs, "kps_" + stride);
    }

    private static FloatBuffer values(Map<String, FloatTensor> outputs, String name) {
      return Objects.requireNonNull(outputs.get(name), name).values();
    }

    void addTo(List<Face> faces, float minScore) {
      for (int cell = 0; cell < cells; cell++) {
        float product = probability(classes, first + cell) * probability(objects, first + cell);
        if (Float.isNaN(product)) {
          throw new IllegalStateException("the model gave a score that is not a number");
        }
        float score = (float) Math.sqrt(product);
        if (score >= minScore) {
          faces.add(face(cell, score));
        }
      }
    }

    private static float probability(FloatBuffer values, int at) {
      return Math.clamp(values.get(at), 0f, 1f);
    }

    private Face face(int cell, float score) {
      int column = cell % columns;
      int row = cell / columns;
      int box = (first + cell) * BOX_NUMBERS;
      float width = (float) Math.exp(boxes.get(box + 2)) * stride;
      float height = (float) Math.exp(boxes.get(box + 3)) * stride;
      float x = (column + boxes.get(box)) * stride - width / 2;
      float y = (row + boxes.get(box + 1)) * stride - height / 2;
      int point = (first + cell) * LANDMARK_NUMBERS;
      return new Face(
          new Box(x, y, width, height),
          new Landmarks(
              landmark(point, column, row),
              landmark(point + 2, column, row),
              landmark(point + 4, column, row),
              landmark(point + 6, column, row),
              landmark(point + 8, column, row)),
          score,
          0);
    }

    private Point landmark(int at, int column, int row) {
      return new Point(
          (column + landmarks.get(at)) * stride, (row + landmarks.get(at + 1)) * stride);
    }
  }
}
