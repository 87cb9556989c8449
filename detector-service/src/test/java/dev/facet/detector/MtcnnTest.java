package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.image.Picture;
import dev.facet.detector.image.Scene;
import dev.facet.models.ServedModel;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.MtcnnOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MTCNN with its real weights on real photos. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MtcnnTest {
  private FaceDetector mtcnn;

  @BeforeAll
  void load() {
    mtcnn = MtcnnFiles.detector();
    mtcnn.warm();
  }

  @AfterAll
  void close() {
    if (mtcnn != null) {
      mtcnn.close();
    }
  }

  /** Against facenet-pytorch with its own defaults. Measured: all 159, none extra. */
  @Test
  void facesAreThoseOfTheReference() throws Exception {
    Path golden = Shared.folder("golden").resolve("mtcnn.json");
    JsonNode images = new ObjectMapper().readTree(golden.toFile()).get("images");
    List<String> missed = new ArrayList<>();
    int all = 0;
    int large = 0;
    int found = 0;
    int largeFound = 0;
    int reported = 0;
    double worstOverlap = 1;
    double worstLandmark = 0;
    double worstScore = 0;
    for (Map.Entry<String, JsonNode> image : images.properties()) {
      List<Face> faces;
      try (Picture picture = Decoded.picture(Shared.photo(image.getKey()))) {
        assertThat(picture.width()).isEqualTo(image.getValue().get("width").intValue());
        faces = MtcnnFiles.faces(mtcnn, picture);
      }
      reported += faces.size();
      for (JsonNode reference : image.getValue().get("faces")) {
        Box box = box(reference.get("box"));
        boolean isLarge = box.width() >= 40;
        all++;
        large += isLarge ? 1 : 0;
        Face best =
            faces.stream()
                .max((a, b) -> Float.compare(a.box().overlap(box), b.box().overlap(box)))
                .orElse(null);
        if (best == null
            || best.box().overlap(box) < 0.8
            || landmarkError(best, reference) > 0.06 * box.width()) {
          missed.add("%s %s".formatted(image.getKey(), box));
          continue;
        }
        found++;
        largeFound += isLarge ? 1 : 0;
        worstOverlap = Math.min(worstOverlap, best.box().overlap(box));
        worstLandmark = Math.max(worstLandmark, landmarkError(best, reference) / box.width());
        worstScore =
            Math.max(
                worstScore, Math.abs(best.score() - reference.get("probability").doubleValue()));
      }
    }
    System.out.printf(
        "MTCNN against facenet-pytorch: %d of %d faces from 40 px, %d of %d of all, %d extra;"
            + " least overlap %.4f, landmarks off by %.2f %% at most, scores by %.4f; missed %s%n",
        largeFound,
        large,
        found,
        all,
        reported - found,
        worstOverlap,
        100 * worstLandmark,
        worstScore,
        missed);
    assertThat(largeFound).isEqualTo(large);
    assertThat(found).isGreaterThanOrEqualTo((int) Math.ceil(0.97 * all));
    assertThat(reported - found).isLessThanOrEqualTo((int) (0.03 * all));
  }

  /**
   * On a processor with wide vectors P-Net is computed by a kernel of its own, else by its graph.
   */
  @Test
  void graphAndKernelFindTheSameFaces() {
    ServedModel model = MtcnnFiles.model();
    ServedModel ofGraphs =
        new ServedModel(
            model.model(),
            model.id(),
            model.precision(),
            model.graphs(),
            /* checkpoints= */ Map.of());
    try (FaceDetector graphs =
        Detectors.load(
            ofGraphs, Settings.load(DetectorSettings.class), new SimpleMeterRegistry())) {
      for (String photo : List.of("multiface.jpg", "two_faces.jpg", "kate_siegel.jpg")) {
        try (Picture picture = Decoded.picture(Shared.photo(photo))) {
          List<Face> expected = MtcnnFiles.faces(graphs, picture);
          List<Face> actual = MtcnnFiles.faces(mtcnn, picture);
          assertThat(expected).isNotEmpty();
          assertThat(actual).hasSameSizeAs(expected);
          for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).box().overlap(expected.get(i).box())).isGreaterThan(0.999f);
            assertThat(actual.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-4f));
          }
        }
      }
    }
  }

  /** A head that leans 45 degrees to the right stands upright when the picture is turned by 45. */
  @ParameterizedTest
  @ValueSource(floats = {45, -45, 90, -90, 180, 30})
  void turnedFacesAreFoundAtTheirAngle(float angle) {
    try (Picture upright = Decoded.picture(Shared.photo("two_faces.jpg"));
        Picture other = Decoded.picture(Shared.photo("dara_1.jpg"));
        Mat canvas = new Mat(404, 800, upright.rgb().type(), Scalar.all(0))) {
      // The whole map there and back: the other photo turned the other way, beside the first.
      Rotation lean = Rotation.of(-angle, other.width(), other.height());
      paste(upright.rgb(), canvas, 0, 0);
      try (Mat leaning = Resampler.cut(other.rgb(), lean.toCanvas(), lean.width(), lean.height())) {
        paste(leaning, canvas, 540, 100);
      }
      List<Face> faces;
      try (Picture both = Decoded.picture(png(canvas))) {
        faces = MtcnnFiles.detect(mtcnn, both, options().addAngles(angle).build()).faces();
      }
      assertThat(faces).extracting(Face::angle).containsExactlyInAnyOrder(0f, 0f, angle);
      Face turned = faces.stream().filter(face -> face.angle() != 0).findFirst().orElseThrow();
      Face expected = MtcnnFiles.faces(mtcnn, other).getFirst();
      for (int i = 0; i < 5; i++) {
        Point there = lean.toCanvas().apply(expected.landmarks().points().get(i));
        assertThat(
                turned
                    .landmarks()
                    .points()
                    .get(i)
                    .distance(new Point(there.x() + 540, there.y() + 100)))
            .isLessThan(0.06 * expected.box().width());
      }
      assertThat(turned.box().width()).isCloseTo(expected.box().width(), within(12f));
    }
  }

  /** The photo that the field tests rotated search with. */
  @Test
  void uprightFaceReportsZeroAndTheLeaningOneItsAngle() {
    try (Picture picture = Decoded.picture(Shared.photo("faces_at_angles.jpg"))) {
      List<Face> faces =
          MtcnnFiles.detect(
                  mtcnn, picture, options().addAllAngles(List.of(-90f, -45f, 0f, 45f, 90f)).build())
              .faces();
      assertThat(faces).extracting(Face::angle).containsExactlyInAnyOrder(0f, 45f);
    }
  }

  @Test
  void optionsOfARequestAreObeyed() {
    try (Picture picture = Decoded.picture(Shared.photo("multiface.jpg"))) {
      assertThat(count(picture, options())).isEqualTo(6);
      assertThat(count(picture, options().setMinSize(200))).isZero();
      assertThat(count(picture, options().setMinScore(0.9996f))).isBetween(1, 5);
      assertThat(count(picture, stages(MtcnnOptions.newBuilder().setOutputMinScore(0.9999f))))
          .isBetween(1, 5);
      assertThat(count(picture, stages(MtcnnOptions.newBuilder().setProposalMinScore(1))))
          .isLessThan(6);
      assertThat(count(picture, stages(MtcnnOptions.newBuilder().setRefinementMinScore(1))))
          .isZero();
      assertThat(count(picture, stages(MtcnnOptions.newBuilder().setOutputMaxOverlap(1))))
          .isGreaterThan(6);
      assertThat(
              count(
                  picture,
                  stages(MtcnnOptions.newBuilder().setOutputMaxOverlap(1)).setMaxOverlap(0.3f)))
          .isEqualTo(6);
      assertThat(count(picture, stages(MtcnnOptions.newBuilder().setPyramidFactor(0.1f))))
          .isLessThan(6);
      assertThat(count(picture, options().setMaxSide(64))).isLessThan(6);
      List<Face> shrunk =
          MtcnnFiles.detect(mtcnn, picture, options().setMaxSide(600).build()).faces();
      List<Face> whole = MtcnnFiles.faces(mtcnn, picture);
      assertThat(shrunk)
          .hasSize(6)
          .allSatisfy(
              face ->
                  assertThat(whole)
                      .anySatisfy(
                          w -> assertThat(w.box().overlap(face.box())).isGreaterThan(0.7f)));
    }
  }

  /** Thousands of candidates, of which few fit into a queue at once. */
  @Test
  void moreCandidatesThanAQueueHoldsGoInWaves() {
    try (FaceDetector narrow =
            MtcnnFiles.detector(
                "mtcnn.queue=16", "mtcnn.refinement-batch=8", "mtcnn.output-batch=4");
        Picture picture = Decoded.picture(Shared.photo("two_faces.jpg"))) {
      assertThat(MtcnnFiles.faces(narrow, picture)).isEqualTo(MtcnnFiles.faces(mtcnn, picture));
      DetectionOptions flood =
          options()
              .setMinSize(60)
              .setMtcnn(MtcnnOptions.newBuilder().setProposalMinScore(0).setProposalMaxOverlap(1))
              .build();
      assertThat(MtcnnFiles.detect(narrow, picture, flood).faces()).isNotEmpty();
    }
  }

  @Test
  void facesDoNotDependOnWhoSharesTheRuns() throws Exception {
    List<String> names =
        List.of("two_faces.jpg", "dara_1.jpg", "jonathan_2.jpg", "faces_at_angles.jpg");
    List<byte[]> photos = names.stream().map(Shared::photo).toList();
    List<List<Face>> alone = photos.stream().map(this::faces).toList();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          IntStream.range(0, 24)
              .mapToObj(i -> callers.submit(() -> faces(photos.get(i % photos.size()))))
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        List<Face> expected = alone.get(i % photos.size());
        List<Face> actual = answers.get(i).get();
        assertThat(actual).hasSameSizeAs(expected);
        for (int f = 0; f < actual.size(); f++) {
          assertThat(actual.get(f).box().overlap(expected.get(f).box())).isGreaterThan(0.98f);
          assertThat(actual.get(f).score()).isCloseTo(expected.get(f).score(), within(1e-3f));
        }
      }
    }
  }

  /** Nothing is too small or too long to be searched; there are no faces in it. */
  @Test
  void tinyAndExtremePicturesHaveNoFaces() {
    for (int[] size :
        new int[][] {
          {1, 1},
          {1, 30},
          {30, 1},
          {2, 3},
          {11, 11},
          {12, 12},
          {13, 12},
          {19, 19},
          {20, 20},
          {21, 20},
          {22, 23},
          {24, 30},
          {29, 30},
          {30, 30},
          {16, 1000},
          {1000, 16},
          {21, 1000}
        }) {
      try (Picture picture = Decoded.unlimited(Scene.of(size[0], size[1]).encoded(".png"))) {
        for (float minSize : new float[] {12, 20}) {
          DetectionOptions options =
              options().setMinSize(minSize).addAngles(45).addAngles(90).build();
          assertThat(MtcnnFiles.detect(mtcnn, picture, options).faces())
              .as("%d x %d", size[0], size[1])
              .isEmpty();
        }
      }
    }
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    try (Picture picture = Decoded.picture(Shared.photo("dara_1.jpg"))) {
      assertThatThrownBy(
              () ->
                  MtcnnFiles.detect(
                      mtcnn,
                      picture,
                      stages(
                              MtcnnOptions.newBuilder()
                                  .setPyramidFactor(0.99f)
                                  .setRotationMaxOverlap(2))
                          .setMinSize(5)
                          .setMaxSide(5000)
                          .addAngles(181)
                          .addAngles(Float.NaN)
                          .build()))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal ->
                  assertThat(refusal.violations().toString())
                      .contains(
                          "options.mtcnn.pyramid_factor",
                          "options.mtcnn.rotation_max_overlap",
                          "options.min_size",
                          "options.max_side",
                          "options.angles[0]",
                          "options.angles[1]"));
      assertThatThrownBy(
              () ->
                  MtcnnFiles.detect(
                      mtcnn, picture, options().addAllAngles(Collections.nCopies(9, 1f)).build()))
          .hasMessageContaining("options.angles must be at most 8, are 9");
    }
  }

  private List<Face> faces(byte[] photo) {
    try (Picture picture = Decoded.picture(photo)) {
      return MtcnnFiles.faces(mtcnn, picture);
    }
  }

  private int count(Picture picture, DetectionOptions.Builder options) {
    return MtcnnFiles.detect(mtcnn, picture, options.build()).faces().size();
  }

  private static DetectionOptions.Builder options() {
    return DetectionOptions.newBuilder();
  }

  private static DetectionOptions.Builder stages(MtcnnOptions.Builder stages) {
    return options().setMtcnn(stages);
  }

  private static void paste(Mat picture, Mat canvas, int x, int y) {
    try (Rect area = new Rect(x, y, picture.cols(), picture.rows());
        Mat part = canvas.apply(area)) {
      picture.copyTo(part);
    }
  }

  private static byte[] png(Mat rgb) {
    try (BytePointer out = new BytePointer()) {
      cvtColor(rgb, rgb, COLOR_RGB2BGR);
      assertThat(imencode(".png", rgb, out)).isTrue();
      byte[] bytes = new byte[Math.toIntExact(out.limit())];
      out.get(bytes);
      return bytes;
    }
  }

  private static Box box(JsonNode corners) {
    float x = corners.get(0).floatValue();
    float y = corners.get(1).floatValue();
    return new Box(x, y, corners.get(2).floatValue() - x, corners.get(3).floatValue() - y);
  }

  /** Greatest distance of a landmark, in pixels. */
  private static double landmarkError(Face face, JsonNode reference) {
    double worst = 0;
    for (int i = 0; i < 5; i++) {
      JsonNode point = reference.get("landmarks").get(i);
      worst =
          Math.max(
              worst,
              face.landmarks()
                  .points()
                  .get(i)
                  .distance(new Point(point.get(0).floatValue(), point.get(1).floatValue())));
    }
    return worst;
  }
}
