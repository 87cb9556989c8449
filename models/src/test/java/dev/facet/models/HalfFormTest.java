package dev.facet.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.PlainRun;
import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real models in float16 against themselves in float32, on photos. */
class HalfFormTest {

  private static final int CROPS = 8;

  @ParameterizedTest
  @ValueSource(strings = {"edgeface-xs", "mobilefacenet"})
  void embeddingsOfFacesAreTheSameButForRounding(String name) throws Exception {
    ModelRecord model = Catalogue.bundled().model(name);
    Task.Embedding task = (Task.Embedding) model.task();
    int side = task.crop().width();
    byte[] crops = faces(side);

    float[] full = embeddings(form(model, Precision.FP32), crops, side);
    float[] half = embeddings(form(model, Precision.FP16), crops, side);

    assertThat(half).hasSameSizeAs(full);
    for (int i = 0; i < CROPS; i++) {
      float[] one = vector(full, i, task.dimension());
      float[] other = vector(half, i, task.dimension());
      assertThat(dot(other, other)).isCloseTo(1, within(1e-5));
      assertThat(dot(one, other)).as("crop %d", i).isGreaterThanOrEqualTo(0.999);
      // Rounding is seen, or nothing was moved.
      assertThat(dot(one, other)).as("crop %d", i).isLessThan(0.999_999_9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"edgeface-xs", "mobilefacenet", "yunet"})
  void fileIsHalfAsLarge(String name) throws Exception {
    ModelRecord model = Catalogue.bundled().model(name);

    assertThat((double) form(model, Precision.FP16).length / form(model, Precision.FP32).length)
        .isBetween(0.45, 0.65);
  }

  @Test
  void yunetsOutputsAreTheSameButForRounding() throws Exception {
    ModelRecord model = Catalogue.bundled().model("yunet");
    BufferedImage photo = ImageIO.read(Shared.photos().resolve("two_faces.jpg").toFile());
    int width = 512;
    int height = 416;
    byte[] pixels = pixels(photo.getSubimage(0, 0, 512, 404), width, height);

    Map<String, float[]> full =
        PlainRun.onPixels(form(model, Precision.FP32), pixels, 1, height, width, 3);
    Map<String, float[]> half =
        PlainRun.onPixels(form(model, Precision.FP16), pixels, 1, height, width, 3);

    assertThat(half).hasSize(12).containsOnlyKeys(full.keySet());
    full.forEach(
        (output, expected) -> {
          float[] actual = Objects.requireNonNull(half.get(output));
          double largest = 0;
          double squares = 0;
          double differences = 0;
          for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
            squares += expected[i] * (double) expected[i];
            differences += Math.pow(actual[i] - expected[i], 2);
          }
          assertThat(largest).as(output).isLessThan(0.03);
          assertThat(Math.sqrt(differences / squares)).as(output).isLessThan(0.02);
        });
  }

  private static byte[] form(ModelRecord model, Precision precision) throws IOException {
    List<Path> originals =
        model.files().stream().map(file -> Shared.models().resolve(file.file())).toList();
    byte[] original =
        model.architecture().equals(ModelRecord.ONNX)
            ? Files.readAllBytes(originals.getFirst())
            : Architecture.named(model.architecture())
                .build(Architecture.WHOLE, Checkpoint.read(originals));
    Pixels pixels = model.pixels();
    GraphRewriter rewriter =
        GraphRewriter.of(original, precision).imageInput(pixels.order(), pixels.normalisation());
    return switch (model.task()) {
      case Task.Embedding embedding -> rewriter.unitEmbedding(embedding.dimension()).toByteArray();
      case Task.Detection _ -> rewriter.toByteArray();
    };
  }

  private static float[] embeddings(byte[] form, byte[] crops, int side) throws Exception {
    return Objects.requireNonNull(
        PlainRun.onPixels(form, crops, CROPS, side, side, 3).get("embedding"));
  }

  /** LFW's photos have the face in the middle; deep funneling has turned it upright. */
  private static byte[] faces(int side) throws IOException {
    List<Path> photos;
    try (Stream<Path> files = Files.walk(Shared.faces(), 2)) {
      photos = files.filter(f -> f.toString().endsWith("_0001.jpg")).sorted().limit(CROPS).toList();
    }
    byte[] crops = new byte[CROPS * side * side * 3];
    for (int i = 0; i < CROPS; i++) {
      BufferedImage whole = ImageIO.read(photos.get(i).toFile());
      byte[] crop = pixels(whole.getSubimage(65, 65, 120, 120), side, side);
      System.arraycopy(crop, 0, crops, i * crop.length, crop.length);
    }
    return crops;
  }

  /** Red, green, blue; row by row. A picture of another height than asked for is not stretched. */
  private static byte[] pixels(BufferedImage picture, int width, int height) {
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(
        picture, 0, 0, width, picture.getHeight() * width / picture.getWidth(), null);
    graphics.dispose();
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < width * height; i++) {
      int colour = scaled.getRGB(i % width, i / width);
      rgb[3 * i] = (byte) (colour >> 16);
      rgb[3 * i + 1] = (byte) (colour >> 8);
      rgb[3 * i + 2] = (byte) colour;
    }
    return rgb;
  }

  private static float[] vector(float[] all, int index, int dimension) {
    return Arrays.copyOfRange(all, index * dimension, (index + 1) * dimension);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
