package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.models.Shared;
import dev.facet.models.graph.ActivationHistogram;
import dev.facet.models.graph.ActivationRange;
import dev.facet.models.graph.PlainRun;
import dev.facet.models.graph.Quantization;
import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Networks in eight bits against themselves in float32, on faces that they were not fitted to. */
class QuantizedNetworksTest {

  private static final int CALIBRATED = 8;
  private static final int HELD_OUT = 3;

  /** 0.994 in the mean over 64 aligned faces. */
  @Test
  void mobileFaceNetsVectorsStayClose() throws Exception {
    byte[] onnx = Files.readAllBytes(Shared.models().resolve("mobilefacenet_foamliu.onnx"));

    closer(onnx, 112, List.of(123.675, 116.28, 103.53), 57.5, "output0", 0.985);
  }

  /** Weights by formula. */
  @Test
  void inceptionsVectorsStayClose() throws Exception {
    byte[] onnx = Architecture.INCEPTION_RESNET_V1.build(Architecture.WHOLE, FacenetLayers.torch());

    closer(onnx, 160, List.of(127.5, 127.5, 127.5), 128, "embedding", 0.995);
  }

  private static void closer(
      byte[] onnx, int side, List<Double> mean, double deviation, String output, double least)
      throws Exception {
    float[] calibration = middles(0, CALIBRATED, side, mean, deviation);
    Quantization quantization = Quantization.of(onnx);
    byte[] moved = quantization.quantized(ranges(quantization, calibration, side), Set.of());
    assertThat((double) moved.length / onnx.length).isLessThan(0.36);

    float[] heldOut = middles(CALIBRATED, HELD_OUT, side, mean, deviation);
    float[] exact = embeddings(onnx, heldOut, side, output);
    float[] rounded = embeddings(moved, heldOut, side, output);
    double sum = 0;
    for (int i = 0; i < HELD_OUT; i++) {
      sum += Golden.cosine(Golden.slice(exact, i, HELD_OUT), Golden.slice(rounded, i, HELD_OUT));
    }
    // Rounding is seen, or nothing was moved.
    assertThat(sum / HELD_OUT).isBetween(least, 1 - 1e-6);
  }

  private static Map<String, ActivationRange> ranges(
      Quantization quantization, float[] pictures, int side) throws Exception {
    Map<String, ActivationHistogram> histograms = new HashMap<>();
    byte[] observed = quantization.observed();
    int each = 3 * side * side;
    for (int first = 0; first < pictures.length; first += each) {
      float[] some = Arrays.copyOfRange(pictures, first, first + each);
      float[][] seen =
          PlainRun.onFloats(observed, some, 1, 3, side, side).values().toArray(float[][]::new);
      List<String> activations = quantization.activations();
      for (int i = 0; i < activations.size(); i++) {
        histograms
            .computeIfAbsent(activations.get(i), _ -> new ActivationHistogram())
            .add(FloatBuffer.wrap(seen[i]));
      }
    }
    Map<String, ActivationRange> ranges = new HashMap<>();
    histograms.forEach((activation, histogram) -> ranges.put(activation, histogram.whole()));
    return ranges;
  }

  /** One by one, as the published file takes them. */
  private static float[] embeddings(byte[] onnx, float[] pictures, int side, String output)
      throws Exception {
    float[] all = new float[0];
    for (int i = 0; i < HELD_OUT; i++) {
      float[] one =
          Objects.requireNonNull(
              PlainRun.onFloats(onnx, Golden.slice(pictures, i, HELD_OUT), 1, 3, side, side)
                  .get(output));
      all = Arrays.copyOf(all, all.length + one.length);
      System.arraycopy(one, 0, all, all.length - one.length, one.length);
    }
    return all;
  }

  /** The middles of the first photos of people, where their faces are. */
  private static float[] middles(
      int first, int count, int side, List<Double> mean, double deviation) throws Exception {
    List<Path> photos;
    try (Stream<Path> people = Files.list(Shared.photo("lfw"))) {
      photos =
          people
              .filter(Files::isDirectory)
              .sorted()
              .map(person -> person.resolve(person.getFileName() + "_0001.jpg"))
              .filter(Files::isRegularFile)
              .skip(first)
              .limit(count)
              .toList();
    }
    int each = 3 * side * side;
    float[] numbers = new float[count * each];
    for (int photo = 0; photo < count; photo++) {
      BufferedImage image = ImageIO.read(photos.get(photo).toFile());
      int corner = (image.getWidth() - side) / 2;
      for (int i = 0; i < each; i++) {
        int channel = i / (side * side);
        int pixel = image.getRGB(corner + i % side, corner + i / side % side);
        int value = pixel >> (16 - 8 * channel) & 0xFF;
        numbers[photo * each + i] = (float) ((value - mean.get(channel)) / deviation);
      }
    }
    return numbers;
  }
}
