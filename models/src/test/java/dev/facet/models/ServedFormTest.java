package dev.facet.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.PlainRun;
import dev.facet.models.graph.Precision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The served forms of the real models against plain runs of the original files. */
class ServedFormTest {

  @TempDir Path cache;

  @ParameterizedTest
  @CsvSource({
    "edgeface-xs, 1", "edgeface-xs, 3", "edgeface-xs, 8",
    "mobilefacenet, 1", "mobilefacenet, 3", "mobilefacenet, 8"
  })
  void servedEmbedderGivesTheModelsOwnVectorsAtUnitLength(String name, int batch) throws Exception {
    ServedModel served = served(name);
    Task.Embedding task = (Task.Embedding) served.model().task();
    int height = task.crop().height();
    int width = task.crop().width();
    byte[] pixels = smoothPixels(batch, height, width);
    int item = height * width * 3;

    float[] embeddings =
        Objects.requireNonNull(
            PlainRun.onPixels(Files.readAllBytes(served.path()), pixels, batch, height, width, 3)
                .get("embedding"));

    assertThat(embeddings).hasSize(batch * task.dimension());
    byte[] original = original(served.model());
    double worst = 1;
    for (int i = 0; i < batch; i++) {
      byte[] one = Arrays.copyOfRange(pixels, i * item, (i + 1) * item);
      float[] reference =
          PlainRun.onFloats(
                  original,
                  asModelInput(one, served.model().pixels(), 1, height, width),
                  1,
                  3,
                  height,
                  width)
              .values()
              .iterator()
              .next();
      float[] vector =
          Arrays.copyOfRange(embeddings, i * task.dimension(), (i + 1) * task.dimension());
      assertThat(Math.sqrt(dot(vector, vector))).isCloseTo(1, within(1e-6));
      worst = Math.min(worst, dot(vector, reference) / Math.sqrt(dot(reference, reference)));
    }
    assertThat(worst).isGreaterThanOrEqualTo(0.99999);
  }

  @ParameterizedTest
  @CsvSource({"1, 320, 320", "1, 480, 640", "2, 320, 320", "2, 480, 640"})
  void servedYunetGivesTheModelsOwnTwelveOutputs(int batch, int height, int width)
      throws Exception {
    ServedModel served = served("yunet");
    byte[] pixels = smoothPixels(batch, height, width);

    Map<String, float[]> outputs =
        PlainRun.onPixels(Files.readAllBytes(served.path()), pixels, batch, height, width, 3);

    Map<String, float[]> reference =
        PlainRun.onFloats(
            original(served.model()),
            asModelInput(pixels, served.model().pixels(), batch, height, width),
            batch,
            3,
            height,
            width);
    assertThat(outputs).hasSize(12).containsOnlyKeys(reference.keySet());
    double worst = 0;
    for (Map.Entry<String, float[]> output : outputs.entrySet()) {
      float[] expected = Objects.requireNonNull(reference.get(output.getKey()));
      assertThat(output.getValue()).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs(output.getValue()[i] - expected[i]));
      }
    }
    assertThat(worst).isLessThanOrEqualTo(1e-4);
  }

  @Test
  void servedFileIsNamedAfterItsOriginAndTheSameEveryTime() throws Exception {
    ServedModel first = served("mobilefacenet");
    byte[] bytes = Files.readAllBytes(first.path());

    assertThat(first.path().getFileName().toString())
        .isEqualTo(
            "mobilefacenet-b7120c095d60094f.served-%d-%s.onnx"
                .formatted(
                    GraphRewriter.VERSION, first.id().preprocessingSha256().substring(0, 16)));
    assertThat(served("mobilefacenet")).isEqualTo(first);
    assertThat(first.path()).hasBinaryContent(bytes);
  }

  @Test
  void bothPrecisionsOfAModelLieSideBySideUnderOneId() throws Exception {
    ModelStore store = new ModelStore(Catalogue.bundled(), cache, Optional.of(Shared.models()));
    ServedModel full = served("mtcnn");
    ServedModel half = store.served("mtcnn", Precision.FP16, Progress.NONE);

    assertThat(half.id()).isEqualTo(full.id());
    assertThat(half.precision()).isEqualTo(Precision.FP16);
    assertThat(half.path("rnet").getFileName().toString()).endsWith("-rnet-fp16.onnx");
    assertThat(Files.size(half.path("rnet"))).isLessThan(Files.size(full.path("rnet")) * 2 / 3);
    assertThat(full.path("rnet")).exists();
  }

  @Test
  void damagedServedFileIsWrittenAgain() throws Exception {
    ServedModel first = served("yunet");
    byte[] bytes = Files.readAllBytes(first.path());
    Files.write(first.path(), Arrays.copyOf(bytes, bytes.length / 2));

    assertThat(served("yunet").path()).hasBinaryContent(bytes);
  }

  private ServedModel served(String name) {
    return new ModelStore(Catalogue.bundled(), cache, Optional.of(Shared.models()))
        .served(name, Progress.NONE);
  }

  /** The published graph, or PyTorch's export where weights only are published. */
  private static byte[] original(ModelRecord model) throws Exception {
    String file = model.files().getFirst().file();
    return Files.readAllBytes(
        Shared.models().resolve(file.replace("edgeface_xs_q.pt", "edgeface_xs_q_fp32.onnx")));
  }

  /** Pictures of a few soft spots each: unlike noise, they keep a network in its usual range. */
  private static byte[] smoothPixels(int batch, int height, int width) {
    Random random = new Random(20261122);
    byte[] pixels = new byte[batch * height * width * 3];
    for (int i = 0; i < batch; i++) {
      double[] phase = random.doubles(9, 0.5, 6).toArray();
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < 3; c++) {
            double wave =
                Math.sin(phase[c] * 6 * x / width + phase[c + 3])
                    * Math.cos(phase[c + 6] * 6 * y / height + phase[c]);
            pixels[((i * height + y) * width + x) * 3 + c] = (byte) Math.round(127.5 + 120 * wave);
          }
        }
      }
    }
    return pixels;
  }

  private static float[] asModelInput(byte[] rgb, Pixels format, int batch, int height, int width) {
    PixelScale scale = (PixelScale) format.normalisation();
    float[] values = new float[rgb.length];
    int plane = height * width;
    for (int i = 0; i < batch; i++) {
      for (int at = 0; at < plane; at++) {
        for (int c = 0; c < 3; c++) {
          int channel = format.order() == ColourOrder.RGB ? c : 2 - c;
          int pixel = Byte.toUnsignedInt(rgb[(i * plane + at) * 3 + c]);
          values[(i * 3 + channel) * plane + at] =
              (float) ((pixel - scale.mean().get(c)) / scale.deviation().get(c));
        }
      }
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
