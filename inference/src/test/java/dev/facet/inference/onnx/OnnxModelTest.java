package dev.facet.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OnnxModelTest {

  @TempDir Path directory;

  @Test
  void declaresItsInputsAndOutputs() {
    try (OnnxModel model = halves()) {
      assertThat(model.inputs())
          .containsExactly(new TensorSpec("image", ElementType.UINT8, List.of(-1L, 3L)));
      assertThat(model.outputs())
          .containsExactly(new TensorSpec("half", ElementType.FLOAT32, List.of(-1L, 3L)));
    }
  }

  @Test
  void runsOnBytesOfAnyBatchSize() {
    try (OnnxModel model = halves()) {
      assertThat(half(model, bytes(0, 1, 255), 1).item(0)).containsExactly(0f, 0.5f, 127.5f);
      FloatTensor two = half(model, bytes(2, 4, 6, 200, 202, 204), 2);
      assertThat(two.shape()).containsExactly(2L, 3L);
      assertThat(two.item(0)).containsExactly(1f, 2f, 3f);
      assertThat(two.item(1)).containsExactly(100f, 101f, 102f);
    }
  }

  @Test
  void readsFromPositionToLimit() {
    try (OnnxModel model = halves()) {
      ByteBuffer part = bytes(9, 9, 9, 2, 4, 6, 9, 9, 9).position(3).limit(6);
      assertThat(half(model, part, 1).item(0)).containsExactly(1f, 2f, 3f);
    }
  }

  @Test
  void nanPassesThrough() {
    try (OnnxModel model =
        load(
            new TinyModel()
                .input("a", TinyModel.FLOAT, "N")
                .input("b", TinyModel.FLOAT, "N")
                .output("product", TinyModel.FLOAT, "N")
                .node("Mul", "product", "a", "b"))) {
      FloatTensor a = floats(2, Float.NaN, Float.POSITIVE_INFINITY);
      FloatTensor b = floats(3, 1, 0);
      FloatTensor product = output(model.run(Map.of("a", a, "b", b)), "product");
      assertThat(product.values())
          .isEqualTo(FloatBuffer.wrap(new float[] {6, Float.NaN, Float.NaN}));
    }
  }

  @Test
  void outputsOutliveTheModel() {
    FloatTensor output;
    try (OnnxModel model = halves()) {
      output = half(model, bytes(2, 4, 6), 1);
    }
    assertThat(output.item(0)).containsExactly(1f, 2f, 3f);
  }

  @Test
  void wrongInputIsRefusedByName() {
    try (OnnxModel model = halves()) {
      assertThatThrownBy(() -> model.run(bytes(1, 2, 3, 4), 1, 4))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("input image is UINT8 [-1, 3], not UINT8 [1, 4]");
      assertThatThrownBy(() -> model.run(bytes(1, 2, 3), 3))
          .hasMessage("input image is UINT8 [-1, 3], not UINT8 [3]");
      assertThatThrownBy(() -> model.run(bytes(1, 2, 3), 2, 3))
          .hasMessage("a tensor of shape [2, 3] has 6 values, not 3");
      assertThatThrownBy(() -> model.run(Map.of("image", floats(1, 2, 3))))
          .hasMessage("input image is UINT8 [-1, 3], not FLOAT32 [3]");
      assertThatThrownBy(() -> model.run(Map.of("picture", floats(1, 2, 3))))
          .hasMessage("input image is missing");
      assertThatThrownBy(() -> model.run(Map.of())).hasMessage("the model has 1 inputs, not 0");
      assertThatThrownBy(() -> model.run(ByteBuffer.allocate(3), 1, 3))
          .hasMessage("input image needs a direct buffer in native byte order");
    }
  }

  @Test
  void foreignByteOrderIsRefused() {
    ByteOrder foreign =
        ByteOrder.nativeOrder().equals(ByteOrder.LITTLE_ENDIAN)
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    FloatTensor tensor =
        new FloatTensor(
            List.of(1L), ByteBuffer.allocateDirect(Float.BYTES).order(foreign).asFloatBuffer());
    TensorSpec input = new TensorSpec("a", ElementType.FLOAT32, List.of(1L));
    assertThatThrownBy(() -> input.check(tensor)).hasMessageContaining("native byte order");
  }

  @Test
  void emptyBatchHasNoItems() {
    try (OnnxModel model = halves()) {
      assertThat(half(model, bytes(), 0).values().remaining()).isZero();
    }
  }

  @Test
  void brokenFileIsRefusedWithoutItsPath() throws Exception {
    Path file = Files.write(directory.resolve("broken.onnx"), new byte[] {1, 2, 3});
    for (Path path : List.of(file, directory.resolve("absent.onnx"))) {
      assertThatThrownBy(() -> OnnxModel.load(path, OnnxSettings.cpu()))
          .isInstanceOf(OnnxException.class)
          .hasMessage(path.getFileName() + " cannot be opened as a model");
    }
  }

  @Test
  void unservedTypeIsRefusedByName() {
    TinyModel model =
        new TinyModel()
            .input("count", TinyModel.INT64, "N")
            .output("same", TinyModel.INT64, "N")
            .node("Identity", "same", "count");
    assertThatThrownBy(() -> load(model))
        .isInstanceOf(OnnxException.class)
        .hasMessage("count has values of type INT64; only uint8 and float32 are served");
  }

  @Test
  void closedModelRefusesRunsAndClosesAgain() {
    OnnxModel model = halves();
    model.close();
    model.close();
    assertThatThrownBy(() -> half(model, bytes(1, 2, 3), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model is closed");
  }

  /** Without the wait the process would end here, not the test. */
  @Test
  void closingUnderRunsOfSeveralThreadsWaitsForThem() throws Exception {
    for (int round = 0; round < 20; round++) {
      OnnxModel model = halves();
      CountDownLatch running = new CountDownLatch(3);
      List<FutureTask<Integer>> callers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        FutureTask<Integer> caller = new FutureTask<>(() -> runUntilClosed(model, running));
        callers.add(caller);
        Thread.ofPlatform().start(caller);
      }
      running.await();
      model.close();
      for (FutureTask<Integer> caller : callers) {
        assertThat(caller.get()).isPositive();
      }
    }
  }

  @Test
  void cudaThatIsNotThereIsRefusedByName() {
    Path file = tinyHalves().write(directory);
    Assumptions.assumeFalse(
        OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
        "this build carries the CUDA provider");
    assertThatThrownBy(() -> OnnxModel.load(file, new OnnxSettings(ExecutionProvider.CUDA, 0, 1)))
        .isInstanceOf(ProviderUnavailableException.class)
        .hasMessageStartingWith("CUDA was asked for")
        .hasMessageContaining("Maven profile cuda");
  }

  private static int runUntilClosed(OnnxModel model, CountDownLatch running) {
    ByteBuffer pixels = bytes(2, 4, 6);
    for (int runs = 0; ; runs++) {
      try {
        half(model, pixels, 1);
        if (runs == 0) {
          running.countDown();
        }
      } catch (IllegalStateException closed) {
        return runs;
      }
    }
  }

  /** Bytes in, their halves out. */
  private OnnxModel halves() {
    return load(tinyHalves());
  }

  private static TinyModel tinyHalves() {
    return new TinyModel()
        .input("image", TinyModel.UINT8, "N", 3)
        .output("half", TinyModel.FLOAT, "N", 3)
        .constant("scale", 0.5f)
        .castToFloat("floats", "image")
        .node("Mul", "half", "floats", "scale");
  }

  private OnnxModel load(TinyModel model) {
    return OnnxModel.load(model.write(directory), OnnxSettings.cpu());
  }

  private static FloatTensor half(OnnxModel model, ByteBuffer pixels, int batch) {
    return output(model.run(pixels, batch, 3), "half");
  }

  private static FloatTensor output(Map<String, FloatTensor> outputs, String name) {
    assertThat(outputs).containsOnlyKeys(name);
    return Objects.requireNonNull(outputs.get(name));
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }

  private static FloatTensor floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(Float.BYTES * values.length).order(ByteOrder.nativeOrder());
    return new FloatTensor(List.of((long) values.length), bytes.asFloatBuffer().put(values).flip());
  }
}
