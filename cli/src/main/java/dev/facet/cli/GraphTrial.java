package dev.facet.cli;

import dev.facet.inference.onnx.ByteTensor;
import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxException;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.inference.onnx.Tensor;
import dev.facet.inference.onnx.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A graph in its served form, run on drawn pictures to see that it does what it must. */
final class GraphTrial implements AutoCloseable {

  private static final String EMBEDDING = "embedding";
  private static final int FREE_SIDE = 64;
  private static final int BATCH = 3;
  private static final double LONGEST_MISS = 1e-3;

  private final OnnxModel model;

  private GraphTrial(OnnxModel model) {
    this.model = model;
  }

  /**
   * Opens a graph on the processor, one thread.
   *
   * @throws CommandFailure if it cannot be opened as a model
   */
  static GraphTrial open(Path graph) {
    try {
      return new GraphTrial(OnnxModel.load(graph, OnnxSettings.cpu()));
    } catch (OnnxException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
  }

  /** As {@code image uint8 [N, 112, 112, 3]}. */
  List<String> inputs() {
    return words(model.inputs());
  }

  List<String> outputs() {
    return words(model.outputs());
  }

  /**
   * How many numbers the only output has for one picture of that size, whatever it declares.
   *
   * @throws CommandFailure if the graph does not run
   */
  int numbersOfOnePicture(int width, int height) {
    TensorSpec input = model.inputs().getFirst();
    List<Long> shape =
        List.of(Math.max(1, input.shape().getFirst()), 3L, (long) height, (long) width);
    FloatTensor output = run(tensor(input, shape)).values().iterator().next();
    return Math.toIntExact(output.values().remaining() / shape.getFirst());
  }

  /**
   * Runs pictures alone and together.
   *
   * @throws CommandFailure if outputs are not finite, differ, or are embeddings of another length
   *     than 1
   */
  void check() {
    Map<String, FloatTensor> together = pictures(0, BATCH);
    for (int picture = 0; picture < BATCH; picture++) {
      Map<String, FloatTensor> alone = pictures(picture, 1);
      for (Map.Entry<String, FloatTensor> output : together.entrySet()) {
        compare(
            output.getKey(),
            item(output.getKey(), output.getValue(), picture),
            item(output.getKey(), Objects.requireNonNull(alone.get(output.getKey())), 0));
      }
    }
  }

  /**
   * The median time of a run of so many pictures, in milliseconds; two runs before do not count.
   */
  double medianMillis(int batch, int runs) {
    Tensor input = drawn(0, batch);
    run(input);
    run(input);
    double[] times =
        IntStream.range(0, runs)
            .mapToDouble(
                _ -> {
                  long start = System.nanoTime();
                  run(input);
                  return (System.nanoTime() - start) / 1e6;
                })
            .sorted()
            .toArray();
    return times[runs / 2];
  }

  private static float[] item(String output, FloatTensor values, int index) {
    if (values.shape().isEmpty() || values.shape().getFirst() <= index) {
      throw refused(
          "output %s has no batch: its shape is %s".formatted(output, values.shape()), null);
    }
    return values.item(index);
  }

  private static void compare(String output, float[] together, float[] alone) {
    if (together.length != alone.length) {
      throw refused(
          "output %s has %d values for a picture alone and %d among %d"
              .formatted(output, alone.length, together.length, BATCH),
          null);
    }
    double largest = 0;
    double difference = 0;
    double squares = 0;
    for (int i = 0; i < alone.length; i++) {
      if (!Float.isFinite(alone[i]) || !Float.isFinite(together[i])) {
        throw refused("output %s is not finite".formatted(output), null);
      }
      largest = Math.max(largest, Math.abs(alone[i]));
      difference = Math.max(difference, Math.abs(alone[i] - together[i]));
      squares += (double) alone[i] * alone[i];
    }
    if (difference > LONGEST_MISS * Math.max(1, largest)) {
      throw refused(
          "output %s of a picture alone and among %d differs by %g, at most %g expected"
              .formatted(output, BATCH, difference, LONGEST_MISS * Math.max(1, largest)),
          null);
    }
    if (output.equals(EMBEDDING) && Math.abs(Math.sqrt(squares) - 1) > LONGEST_MISS) {
      throw refused("an embedding has the length %g, not 1".formatted(Math.sqrt(squares)), null);
    }
  }

  private Map<String, FloatTensor> pictures(int first, int count) {
    return run(drawn(first, count));
  }

  private Map<String, FloatTensor> run(Tensor input) {
    try {
      return model.run(Map.of(model.inputs().getFirst().name(), input));
    } catch (OnnxException | IllegalArgumentException e) {
      String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
      throw refused(e.getMessage() + cause, e);
    }
  }

  private Tensor drawn(int first, int count) {
    TensorSpec input = model.inputs().getFirst();
    List<Long> shape = new ArrayList<>(input.shape());
    shape.replaceAll(length -> length < 0 ? FREE_SIDE : length);
    shape.set(0, (long) count);
    Tensor tensor = tensor(input, shape);
    int perPicture = tensor.values().remaining() / count;
    for (int i = 0; i < count * perPicture; i++) {
      int value = shade(first + i / perPicture, i % perPicture, Math.toIntExact(shape.get(2)));
      switch (tensor) {
        case ByteTensor bytes -> bytes.values().put(i, (byte) value);
        case FloatTensor floats -> floats.values().put(i, value);
      }
    }
    return tensor;
  }

  /** A grey level of a slanted light with a round shadow; pictures differ in where it lies. */
  private static int shade(int picture, int at, int width) {
    double x = at / 3 % width / (double) width - 0.4 - 0.1 * picture;
    int row = at / 3 / width;
    double y = row / (double) width - 0.5;
    double shadow = 120 * StrictMath.exp(-(x * x + y * y) / 0.05);
    return (int) Math.clamp(90 + 100 * (x + y) + 20 * (at % 3) + 60 - shadow, 0, 255);
  }

  private static Tensor tensor(TensorSpec input, List<Long> shape) {
    int size = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    return switch (input.type()) {
      case UINT8 -> new ByteTensor(shape, ByteBuffer.allocateDirect(size));
      case FLOAT32 -> {
        FloatBuffer floats =
            ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder()).asFloatBuffer();
        yield new FloatTensor(shape, floats);
      }
    };
  }

  private static List<String> words(List<TensorSpec> specs) {
    return specs.stream().map(GraphTrial::words).toList();
  }

  private static String words(TensorSpec spec) {
    String shape =
        IntStream.range(0, spec.shape().size())
            .mapToObj(
                i -> spec.shape().get(i) >= 0 ? "" + spec.shape().get(i) : i == 0 ? "N" : "any")
            .collect(Collectors.joining(", ", "[", "]"));
    return "%s %s %s".formatted(spec.name(), spec.type().name().toLowerCase(Locale.ROOT), shape);
  }

  private static CommandFailure refused(String why, @Nullable Throwable cause) {
    return cause == null
        ? new CommandFailure(ExitCode.REFUSED, why)
        : new CommandFailure(ExitCode.REFUSED, why, cause);
  }

  @Override
  public void close() {
    model.close();
  }
}
