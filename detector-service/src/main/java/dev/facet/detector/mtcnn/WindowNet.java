package dev.facet.detector.mtcnn;

import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * R-Net or O-Net as a batch model: windows of any size in, each resampled to the network's square,
 * and its numbers out.
 */
final class WindowNet implements Stage.Network<Window, float[]> {
  private final OnnxModel onnx;
  private final int side;
  private final List<String> outputs;
  private final IntUnaryOperator runSize;
  private final InputBuffers inputs = new InputBuffers();

  /**
   * Takes a loaded model over.
   *
   * @param side of the network's input
   * @param outputs of the network, whose numbers an answer has one after another
   * @param runSize from the number of windows to the number run, the rest being black
   */
  WindowNet(OnnxModel onnx, int side, List<String> outputs, IntUnaryOperator runSize) {
    this.onnx = onnx;
    this.side = side;
    this.outputs = outputs;
    this.runSize = runSize;
  }

  @Override
  public List<float[]> run(List<Window> windows) {
    int images = runSize.applyAsInt(windows.size());
    FloatBuffer input = inputs.take(3 * images * side * side);
    windows.forEach(window -> AreaResampler.square(window, side, input));
    input.put(new float[input.remaining()]);
    Map<String, FloatTensor> given =
        onnx.run(
            Map.of(
                "image",
                new FloatTensor(
                    List.of((long) images, (long) side, (long) side, 3L), input.flip())));
    List<FloatBuffer> values =
        outputs.stream()
            .map(name -> Objects.requireNonNull(given.get(name), name).values())
            .toList();
    int numbers = values.stream().mapToInt(FloatBuffer::remaining).sum() / images;
    List<float[]> answers = new ArrayList<>(windows.size());
    for (int i = 0; i < windows.size(); i++) {
      float[] answer = new float[numbers];
      int at = 0;
      for (FloatBuffer output : values) {
        int length = output.remaining() / images;
        output.get(i * length, answer, at, length);
        at += length;
      }
      answers.add(answer);
    }
    return answers;
  }

  @Override
  public Optional<String> flaw(float[] answer) {
    for (float number : answer) {
      if (!Float.isFinite(number)) {
        return Optional.of("the model gave a value that is not a number");
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    onnx.close();
  }
}
