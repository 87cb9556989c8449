package dev.facet.models.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.models.Shared;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * The square of that side from the middle of the photo, [3, side, side], RGB, normalised.
     *
     * @param mean red, green, blue
     */
    float[] middle(int side, List<Double> mean, double deviation) throws IOException {
      BufferedImage image = ImageIO.read(Shared.photo(photo).toFile());
      int corner = (image.getWidth() - side) / 2;
      float[] numbers = new float[3 * side * side];
      for (int i = 0; i < numbers.length; i++) {
        int channel = i / (side * side);
        int pixel = image.getRGB(corner + i % side, corner + i / side % side);
        int value = pixel >> (16 - 8 * channel) & 0xFF;
        numbers[i] = (float) ((value - mean.get(channel)) / deviation);
      }
      return numbers;
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
