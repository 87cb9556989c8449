package dev.facet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceVectorsTest {
  private static final int PEOPLE = 4000;
  private static final int DIMENSION = FaceFactors.DIMENSION;

  /** Two photos of every person. */
  private static float[][] pairs(FaceVectors faces) {
    return IntStream.range(0, PEOPLE)
        .parallel()
        .mapToObj(
            person -> {
              float[] pair = new float[2 * DIMENSION];
              FaceVectors.Photos photos = faces.of(person);
              photos.next(pair, 0);
              photos.next(pair, DIMENSION);
              return pair;
            })
        .toArray(float[][]::new);
  }

  private static double cosine(float[] a, int atA, float[] b, int atB) {
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += (double) a[atA + i] * b[atB + i];
    }
    return sum;
  }

  private static double[] genuine(float[][] pairs) {
    return Arrays.stream(pairs)
        .mapToDouble(pair -> cosine(pair, 0, pair, DIMENSION))
        .sorted()
        .toArray();
  }

  /** Every person with twenty others. */
  private static double[] impostors(float[][] pairs) {
    return IntStream.range(0, 20 * PEOPLE)
        .mapToDouble(
            i -> cosine(pairs[i % PEOPLE], 0, pairs[(i % PEOPLE + 1 + i / PEOPLE) % PEOPLE], 0))
        .toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values)
            .map(value -> (value - mean) * (value - mean))
            .average()
            .orElseThrow());
  }

  @Test
  void facesOfRealFactorsAreAsFarApartAsRealFaces() {
    String shared = System.getenv().getOrDefault("FACET_SHARED", "../../shared");
    Path file = Path.of(shared, "golden", "face_vectors.bin");
    assumeTrue(Files.isRegularFile(file), "bench: FACET_SHARED holds no golden/face_vectors.bin");

    float[][] pairs = pairs(new FaceVectors(FaceFactors.read(file), 1));

    double[] genuine = genuine(pairs);
    assertThat(mean(genuine)).isCloseTo(0.667, within(0.01));
    assertThat(deviation(genuine)).isCloseTo(0.128, within(0.008));
    assertThat(genuine[PEOPLE / 100]).isCloseTo(0.326, within(0.03));
    double[] impostors = impostors(pairs);
    assertThat(mean(impostors)).isCloseTo(0.010, within(0.005));
    assertThat(deviation(impostors)).isCloseTo(0.079, within(0.004));
  }

  @Test
  void facesOfBuiltInFactorsAreAboutAsFarApart() {
    float[][] pairs = pairs(new FaceVectors(FaceFactors.builtIn(), 1));

    assertThat(mean(genuine(pairs))).isCloseTo(0.67, within(0.01));
    assertThat(deviation(genuine(pairs))).isCloseTo(0.13, within(0.02));
    assertThat(mean(impostors(pairs))).isCloseTo(0.0, within(0.005));
    assertThat(deviation(impostors(pairs))).isCloseTo(0.08, within(0.005));
  }

  @Test
  void photosAreUnitVectors() {
    float[] photo = new float[DIMENSION];
    new FaceVectors(FaceFactors.builtIn(), 1).of(7).next(photo, 0);

    assertThat(cosine(photo, 0, photo, 0)).isCloseTo(1, within(1e-6));
  }

  @Test
  void aPersonLooksTheSameWheneverDrawnAndAnotherUnderAnotherSeed() {
    float[] first = new float[2 * DIMENSION];
    float[] again = new float[2 * DIMENSION];
    float[] other = new float[2 * DIMENSION];
    for (int photo = 0; photo < 2; photo++) {
      new FaceVectors(FaceFactors.builtIn(), 1).of(7).next(first, photo * DIMENSION);
    }
    FaceVectors.Photos drawnAgain = new FaceVectors(FaceFactors.builtIn(), 1).of(7);
    drawnAgain.next(again, 0);
    new FaceVectors(FaceFactors.builtIn(), 2).of(7).next(other, 0);

    assertThat(cosine(first, 0, again, 0)).isCloseTo(1, within(1e-6));
    assertThat(cosine(first, 0, other, 0)).isLessThan(0.6);
  }

  @Test
  void aFileOfAnotherLengthIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("factors.bin");
    Files.write(file, new byte[16]);

    assertThatThrownBy(() -> FaceFactors.read(file))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("16 bytes");
    assertThatThrownBy(() -> FaceFactors.read(folder.resolve("none")))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("no such file");
  }
}
