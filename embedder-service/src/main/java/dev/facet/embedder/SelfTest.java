package dev.facet.embedder;

import dev.facet.models.ModelId;
import dev.facet.models.graph.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves before the service reports ready that a model gives the vectors it always gave: drawn
 * crops are embedded alone and inside a full batch, and compared with each other and with vectors
 * stored for these weights and this preprocessing.
 */
final class SelfTest {
  /** Enough for the rounding of another processor, far too little for a wrong channel order. */
  static final double LEAST_COSINE = 0.9999;

  /** The stored vectors are of float32; float16 rounds each product to three digits. */
  static final double LEAST_COSINE_IN_HALF = 0.999;

  /** Crops with stored vectors. */
  static final int GOLDEN_CROPS = 2;

  private static final Logger log = LoggerFactory.getLogger(SelfTest.class);

  private SelfTest() {}

  /**
   * Runs the test.
   *
   * @throws SelfTestFailedException if a vector differs, naming the model and the cosine
   */
  static void run(Embedder embedder) {
    int batch = embedder.maxBatch();
    List<byte[]> crops = new ArrayList<>();
    for (int variant = 0; variant < Math.max(batch, GOLDEN_CROPS); variant++) {
      crops.add(GoldenCrop.draw(variant, embedder.cropWidth(), embedder.cropHeight()));
    }
    List<float[]> together = new ArrayList<>(embedder.embedNow(crops.subList(0, batch)));
    if (batch < GOLDEN_CROPS) {
      together.addAll(embedder.embedNow(crops.subList(batch, GOLDEN_CROPS)));
    }
    List<float[]> alone =
        crops.stream()
            .limit(GOLDEN_CROPS)
            .map(crop -> embedder.embedNow(List.of(crop)).getFirst())
            .toList();
    int values = alone.getFirst().length;
    if (values != embedder.task().dimension()) {
      throw new SelfTestFailedException(
          "%s: its vectors have %d values, %d expected"
              .formatted(embedder.name(), values, embedder.task().dimension()));
    }
    List<float[]> stored = stored(embedder.id());
    if (stored.isEmpty()) {
      log.warn(
          "{}: no golden vectors are stored for these weights and this preprocessing",
          embedder.name());
    }
    check(embedder.name(), embedder.served().precision(), alone, together, stored);
    log.info("{}: self-test passed", embedder.name());
  }

  /**
   * Compares the vectors of the same crops, embedded in two ways and stored.
   *
   * @param stored empty where nothing is stored
   */
  static void check(
      String model,
      Precision precision,
      List<float[]> alone,
      List<float[]> together,
      List<float[]> stored) {
    double leastToStored = precision == Precision.FP16 ? LEAST_COSINE_IN_HALF : LEAST_COSINE;
    for (int i = 0; i < alone.size(); i++) {
      compare(model, "alone and in a batch", alone.get(i), together.get(i), LEAST_COSINE);
      if (!stored.isEmpty()) {
        compare(model, "now and stored", alone.get(i), stored.get(i), leastToStored);
      }
    }
  }

  private static void compare(String model, String what, float[] a, float[] b, double least) {
    double cosine = cosine(a, b);
    if (!(cosine >= least)) {
      throw new SelfTestFailedException(
          "%s: a golden crop's vectors differ, %s: cosine %.6f, at least %.4f expected"
              .formatted(model, what, cosine, least));
    }
  }

  static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.NaN;
    }
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  /** The same weights give other vectors for the same crop where it is prepared otherwise. */
  static String fileName(ModelId id) {
    return "%s-%s.txt"
        .formatted(id.weightsSha256().substring(0, 16), id.preprocessingSha256().substring(0, 16));
  }

  /** One line of numbers for each golden crop; empty for a model that nobody measured. */
  static List<float[]> stored(ModelId id) {
    String resource = "golden/" + fileName(id);
    try (InputStream file = SelfTest.class.getResourceAsStream(resource)) {
      if (file == null) {
        return List.of();
      }
      return new BufferedReader(new InputStreamReader(file, StandardCharsets.US_ASCII))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(SelfTest::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] parse(String line) {
    double[] values =
        Arrays.stream(line.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
    float[] vector = new float[values.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) values[i];
    }
    return vector;
  }
}
