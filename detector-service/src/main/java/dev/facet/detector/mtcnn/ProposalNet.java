package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.Tiling.Shape;
import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/**
 * P-Net's graph as a batch model: tiles in, their candidates out, in pixels of the picture, with
 * the regression of each.
 */
final class ProposalNet implements Stage.Network<Tile, Candidates> {
  private final OnnxModel onnx;
  private final boolean alone;
  private final IntUnaryOperator runSize;
  private final InputBuffers inputs = new InputBuffers();

  /**
   * Takes a loaded model over.
   *
   * @param alone whether each tile has a run of its own
   * @param runSize from the number of tiles to the number run, the rest being black
   */
  ProposalNet(OnnxModel onnx, boolean alone, IntUnaryOperator runSize) {
    this.onnx = onnx;
    this.alone = alone;
    this.runSize = runSize;
  }

  @Override
  public Object shape(Tile tile) {
    return alone ? new Object() : tile.shape();
  }

  @Override
  public List<Candidates> run(List<Tile> tiles) {
    Shape shape = tiles.getFirst().shape();
    int images = runSize.applyAsInt(tiles.size());
    FloatBuffer input = inputs.take(3 * images * shape.width() * shape.height());
    tiles.forEach(tile -> tile.draw(input));
    input.put(new float[input.remaining()]);
    Map<String, FloatTensor> outputs =
        onnx.run(
            Map.of(
                "image",
                new FloatTensor(
                    List.of((long) images, (long) shape.height(), (long) shape.width(), 3L),
                    input.flip())));
    FloatBuffer probability = values(outputs, "probability");
    FloatBuffer regression = values(outputs, "regression");
    List<Candidates> answers = new ArrayList<>(tiles.size());
    for (int i = 0; i < tiles.size(); i++) {
      answers.add(candidates(tiles.get(i), i, probability, regression));
    }
    return answers;
  }

  @Override
  public void close() {
    onnx.close();
  }

  private static FloatBuffer values(Map<String, FloatTensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name), name).values();
  }

  private static Candidates candidates(
      Tile tile, int image, FloatBuffer probability, FloatBuffer regression) {
    int columns = Tiling.cells(tile.shape().width());
    int cells = columns * Tiling.cells(tile.shape().height());
    Candidates candidates = new Candidates(Candidates.REGRESSION);
    float[] row = new float[tile.columns()];
    for (int y = 0; y < tile.rows(); y++) {
      probability.get(image * cells + y * columns, row);
      for (int x = 0; x < row.length; x++) {
        if (Float.isNaN(row[x])) {
          throw new IllegalStateException("the model gave a probability that is not a number");
        }
        if (row[x] >= tile.minScore()) {
          int first = image * Candidates.REGRESSION * cells + y * columns + x;
          tile.propose(
              candidates,
              x,
              y,
              row[x],
              regression.get(first),
              regression.get(first + cells),
              regression.get(first + 2 * cells),
              regression.get(first + 3 * cells));
        }
      }
    }
    return candidates;
  }
}
