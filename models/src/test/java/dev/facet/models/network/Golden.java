package dev.facet.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.models.Shared;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;

/** Embeddings that a reference implementation gave for photos of faces. */
final class Golden {

  /** One photo with its embedding. */
  static final class Face {

    private final String photo;
    private final float[] embedding;

    private Face(String photo, float[] embedding) {
      this.photo = photo;
      this.embedding = embedding;
    }

    String photo() {
      return photo;
    }

    float[] embedding() {
      return embedding;
    }
  }

  private Golden() {}

  /** The faces of a file of reference outputs; skips the calling test where there is none. */
  static List<Face> faces(String file) throws IOException {
    List<Face> faces = new ArrayList<>();
    for (JsonNode entry : json(file).get("embeddings")) {
      faces.add(new Face(entry.get("image").asText(), floats(entry.get("embedding"))));
    }
    return faces;
  }

  /**
   * The squares of that side from the middle of each face's photo, [N, 3, side, side], RGB,
   * normalised.
   *
   * @param mean red, green, blue
   */
  static float[] middles(List<Face> faces, int side, List<Double> mean, double deviation)
      throws IOException {
    int each = 3 * side * side;
    float[] numbers = new float[faces.size() * each];
    for (int face = 0; face < faces.size(); face++) {
      BufferedImage image = ImageIO.read(Shared.photo(faces.get(face).photo()).toFile());
      int corner = (image.getWidth() - side) / 2;
      for (int i = 0; i < each; i++) {
        int channel = i / (side * side);
        int pixel = image.getRGB(corner + i % side, corner + i / side % side);
        int value = pixel >> (16 - 8 * channel) & 0xFF;
        numbers[face * each + i] = (float) ((value - mean.get(channel)) / deviation);
      }
    }
    return numbers;
  }

  /** What is committed beside the tests: {@code networks.json}, written by network_golden.py. */
  static JsonNode networks() throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("networks.json")) {
      return new ObjectMapper().readTree(Objects.requireNonNull(in));
    }
  }

  /** Every so many-th of a network's outputs. */
  static float[] sampled(float[] values, int step) {
    float[] samples = new float[Math.ceilDiv(values.length, step)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = values[i * step];
    }
    return samples;
  }

  static float[] slice(float[] values, int index, int count) {
    int each = values.length / count;
    return Arrays.copyOfRange(values, index * each, (index + 1) * each);
  }

  static JsonNode json(String file) throws IOException {
    return new ObjectMapper().readTree(Shared.golden().resolve(file).toFile());
  }

  static float[] floats(JsonNode list) {
    List<Double> values =
        StreamSupport.stream(list.spliterator(), false).map(JsonNode::asDouble).toList();
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  static double largestDifference(float[] a, float[] b) {
    double largest = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      double difference = Math.abs(a[i] - b[i]);
      // NaN is no difference that could be small.
      largest = difference <= largest ? largest : difference;
    }
    return largest;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
