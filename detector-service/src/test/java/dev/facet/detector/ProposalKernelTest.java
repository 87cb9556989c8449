package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.detector.image.Picture;
import dev.facet.detector.mtcnn.pnet.ProposalKernel;
import dev.facet.detector.mtcnn.pnet.ProposalKernel.Rows;
import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ServedModel;
import dev.facet.models.checkpoint.CheckpointException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P-Net's own kernel beside its graph, with the real weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProposalKernelTest {
  private static final int NUMBERS = 5;

  private ServedModel model;
  private OnnxModel graph;
  private ProposalKernel kernel;

  @BeforeAll
  void load() {
    assumeTrue(ProposalKernel.isSupported(), "no vectors of sixteen floats here");
    model = MtcnnFiles.model();
    graph = OnnxModel.load(model.path("pnet"), OnnxSettings.cpu().forFreeShapes());
    kernel = new ProposalKernel(model.weights("pnet").orElseThrow());
  }

  @AfterAll
  void close() {
    if (graph != null) {
      graph.close();
    }
  }

  /** The smallest; odd and even; one block of columns, one more and one less; several blocks. */
  @ParameterizedTest
  @CsvSource({
    "12, 12", "13, 12", "12, 13", "13, 13", "14, 17", "17, 14", "29, 30", "41, 12", "42, 13",
    "105, 20", "106, 21", "107, 20", "108, 15", "202, 33", "266, 27", "401, 19"
  })
  void noiseGivesWhatTheGraphGives(int width, int height) {
    Random random = new Random(31L * width + height);
    float[] pixels = new float[3 * width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    assertSameAsGraph(pixels, width, height);
  }

  @ParameterizedTest
  @CsvSource({"multiface.jpg, 333, 201", "two_faces.jpg, 250, 250", "kate_siegel.jpg, 64, 99"})
  void photosGiveWhatTheGraphGives(String photo, int width, int height) {
    try (Picture picture = Decoded.picture(Shared.photo(photo))) {
      float[] pixels = new float[3 * width * height];
      byte[] row = new byte[3 * width];
      for (int y = 0; y < height; y++) {
        picture.rgb().ptr(y).get(row);
        for (int i = 0; i < row.length; i++) {
          pixels[y * row.length + i] = row[i] & 0xff;
        }
      }
      assertSameAsGraph(pixels, width, height);
    }
  }

  /** Blocks go beyond the end of a row, where numbers of earlier and wider pictures stand. */
  @Test
  void answersDoNotDependOnEarlierPictures() {
    float[] small = bright(30, 22, 90);
    ProposalKernel fresh = new ProposalKernel(model.weights("pnet").orElseThrow());
    float[] expected = ofKernel(fresh, small, 30, 22);
    ofKernel(fresh, bright(300, 40, 255), 300, 40);

    assertThat(ofKernel(fresh, small, 30, 22)).containsExactly(expected);
  }

  @Test
  void threadsDoNotMeet() throws Exception {
    List<float[]> pictures = List.of(bright(120, 60, 200), bright(97, 51, 130));
    List<int[]> sizes = List.of(new int[] {120, 60}, new int[] {97, 51});
    List<float[]> alone =
        IntStream.range(0, 2)
            .mapToObj(i -> ofKernel(kernel, pictures.get(i), sizes.get(i)[0], sizes.get(i)[1]))
            .toList();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var runs =
          IntStream.range(0, 40)
              .map(i -> i % 2)
              .mapToObj(
                  i ->
                      threads.submit(
                          () ->
                              ofKernel(kernel, pictures.get(i), sizes.get(i)[0], sizes.get(i)[1])))
              .toList();
      for (int i = 0; i < runs.size(); i++) {
        assertThat(runs.get(i).get()).containsExactly(alone.get(i % 2));
      }
    }
  }

  @Test
  void onlyProposalsOfTheScoreAreGiven() {
    float[] pixels = bright(90, 70, 255);
    float[] all = ofKernel(kernel, pixels, 90, 70);
    float[] scores = new float[all.length / NUMBERS];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = all[i * NUMBERS];
    }
    Arrays.sort(scores);
    for (float least : new float[] {scores[scores.length / 2], scores[scores.length - 1]}) {
      int[] given = {0};
      kernel.run(
          90,
          70,
          rows(pixels, 90),
          least,
          (_, _, probability, _, _, _, _) -> {
            assertThat(probability).isGreaterThanOrEqualTo(least);
            given[0]++;
          });
      long expected = IntStream.range(0, scores.length).filter(i -> scores[i] >= least).count();
      assertThat(given[0]).isEqualTo((int) expected);
    }
  }

  @Test
  void whatIsNotANumberIsNoAnswer() {
    float[] pixels = bright(30, 30, 100);
    pixels[500] = Float.NaN;
    assertThatThrownBy(() -> ofKernel(kernel, pixels, 30, 30))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not a number");
  }

  @Test
  void weightsOfAnotherNetworkAreRefused() {
    var other = model.weights("rnet").orElseThrow();
    assertThatThrownBy(() -> new ProposalKernel(other)).isInstanceOf(CheckpointException.class);
  }

  private void assertSameAsGraph(float[] pixels, int width, int height) {
    float[] expected = ofGraph(pixels, width, height);
    float[] actual = ofKernel(kernel, pixels, width, height);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i])).as("number %d", i).isLessThan(1e-5f);
    }
  }

  /** Of each cell the probability and the four displacements. */
  private float[] ofGraph(float[] pixels, int width, int height) {
    FloatBuffer input =
        ByteBuffer.allocateDirect(Float.BYTES * pixels.length)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(pixels)
            .flip();
    Map<String, FloatTensor> outputs =
        graph.run(
            Map.of("image", new FloatTensor(List.of(1L, (long) height, (long) width, 3L), input)));
    FloatBuffer probability = Objects.requireNonNull(outputs.get("probability")).values();
    FloatBuffer regression = Objects.requireNonNull(outputs.get("regression")).values();
    int cells = probability.remaining();
    float[] numbers = new float[NUMBERS * cells];
    for (int i = 0; i < numbers.length; i++) {
      int corner = i % NUMBERS - 1;
      numbers[i] =
          corner < 0 ? probability.get(i / NUMBERS) : regression.get(corner * cells + i / NUMBERS);
    }
    return numbers;
  }

  private static float[] ofKernel(ProposalKernel kernel, float[] pixels, int width, int height) {
    int columns = Math.ceilDiv(width - 2, 2) - 4;
    float[] numbers = new float[NUMBERS * columns * (Math.ceilDiv(height - 2, 2) - 4)];
    Arrays.fill(numbers, Float.POSITIVE_INFINITY);
    kernel.run(
        width,
        height,
        rows(pixels, width),
        0,
        (x, y, probability, left, top, right, bottom) -> {
          int at = NUMBERS * (y * columns + x);
          numbers[at] = probability;
          numbers[at + 1] = left;
          numbers[at + 2] = top;
          numbers[at + 3] = right;
          numbers[at + 4] = bottom;
        });
    return numbers;
  }

  private static Rows rows(float[] pixels, int width) {
    int plane = ProposalKernel.plane(width);
    return (y, out, at) -> {
      for (int i = 0; i < 3 * width; i++) {
        int x = i / 3;
        out[at + (2 * (i % 3) + x % 2) * plane + x / 2] = pixels[3 * width * y + i];
      }
    };
  }

  private static float[] bright(int width, int height, int most) {
    Random random = new Random(most);
    float[] pixels = new float[3 * width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = most * random.nextFloat();
    }
    return pixels;
  }
}
