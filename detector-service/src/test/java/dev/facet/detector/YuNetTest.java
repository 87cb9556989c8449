package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.image.ExifPhotos;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.Priority;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.serving.ModelsInService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bytedeco.opencv.global.opencv_core;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** YuNet with its real weights on real photos. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class YuNetTest {
  private ModelsInService<FaceDetector> detectors;
  private FaceDetector yunet;

  @BeforeAll
  void load(@TempDir Path cache) {
    Path weights = Shared.folder("models");
    detectors =
        Detectors.load(
            Settings.load(
                DetectorSettings.class, "models.cache=" + cache, "models.mirror=" + weights),
            new SimpleMeterRegistry());
    yunet = detectors.lease("yunet").model();
  }

  @AfterAll
  void close() {
    if (detectors != null) {
      detectors.close();
    }
  }

  /**
   * Against MTCNN's faces of at least 40 pixels that MTCNN is sure of (0.95). Measured: 42 of 42.
   * Of the five it is less sure of one is found; among the others are a face turned by 40 degrees
   * and a piece of background. Landmarks differ by 14 % of the distance between the eyes: the two
   * detectors place nose and mouth differently.
   */
  @Test
  void facesOfTheReferenceAreFound() throws Exception {
    Path golden = Shared.folder("golden").resolve("mtcnn.json");
    JsonNode images = new ObjectMapper().readTree(golden.toFile()).get("images");
    List<String> missed = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    int faces = 0;
    for (Map.Entry<String, JsonNode> image : images.properties()) {
      List<Face> found = detect(Shared.photo(image.getKey()));
      for (JsonNode reference : image.getValue().get("faces")) {
        Box box = box(reference.get("box"));
        if (box.width() < 40 || reference.get("probability").asDouble() < 0.95) {
          continue;
        }
        faces++;
        found.stream()
            .filter(face -> face.box().overlap(box) >= 0.5)
            .findFirst()
            .ifPresentOrElse(
                face -> errors.add(error(face.landmarks(), reference.get("landmarks"))),
                () -> missed.add(image.getKey() + " " + box));
      }
    }
    System.out.printf(
        "YuNet against MTCNN: %d of %d faces, landmarks off by %.3f eye distances, missed %s%n",
        errors.size(), faces, mean(errors), missed);
    assertThat(errors.size()).isGreaterThanOrEqualTo((int) Math.ceil(0.9 * faces));
    assertThat(mean(errors)).isLessThan(0.2);
  }

  /** Left is left in the picture: a mirrored photo has mirrored landmarks. */
  @Test
  void leftAndRightAreThoseOfThePicture() {
    try (Picture picture = Decoded.picture(Shared.photo("multiface.jpg"))) {
      for (Face face : detect(picture)) {
        Landmarks points = face.landmarks();
        assertThat(points.leftEye().x()).isLessThan(points.rightEye().x());
        assertThat(points.leftMouthCorner().x()).isLessThan(points.rightMouthCorner().x());
        assertThat(points.leftEye().y()).isLessThan(points.nose().y());
        assertThat(points.nose().y()).isLessThan(points.leftMouthCorner().y());
      }
      List<Face> faces = detect(picture);
      assertThat(faces).hasSize(6);
      opencv_core.flip(picture.rgb(), picture.rgb(), 1);
      List<Face> mirrored = detect(picture);
      for (Face face : faces) {
        Landmarks points = face.landmarks();
        float eye = picture.width() - 1 - points.leftEye().x();
        float quarter = (float) points.leftEye().distance(points.rightEye()) / 4;
        assertThat(mirrored)
            .extracting(m -> m.landmarks().rightEye().x())
            .anySatisfy(x -> assertThat(x).isCloseTo(eye, within(quarter)));
      }
    }
  }

  /** I02: the same photo, stored in each of the eight ways, has the same faces. */
  @Test
  void everyOrientationHasTheSameFaces() {
    byte[] photo = Shared.photo("multiface.jpg");
    List<Face> expected = detect(ExifPhotos.stored(photo, 1));
    assertThat(expected).hasSize(6);
    for (int orientation = 2; orientation <= 8; orientation++) {
      List<Face> found = detect(ExifPhotos.stored(photo, orientation));
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).box().x()).isCloseTo(expected.get(i).box().x(), within(1f));
        assertThat(found.get(i).box().y()).isCloseTo(expected.get(i).box().y(), within(1f));
        assertThat(found.get(i).box().width()).isCloseTo(expected.get(i).box().width(), within(1f));
      }
    }
  }

  @Test
  void facesDoNotDependOnWhoSharesTheBatch() throws Exception {
    List<byte[]> photos =
        List.of(
            Shared.photo("dara_1.jpg"),
            Shared.photo("dara_2.jpg"),
            Shared.photo("jonathan_1.jpg"),
            Shared.photo("jonathan_2.jpg"));
    List<List<Face>> alone = photos.stream().map(this::detect).toList();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers =
          IntStream.range(0, 64)
              .mapToObj(i -> callers.submit(() -> detect(photos.get(i % photos.size()))))
              .toList();
      for (int i = 0; i < answers.size(); i++) {
        Face expected = alone.get(i % photos.size()).getFirst();
        Face actual = answers.get(i).get().getFirst();
        assertThat(actual.box().overlap(expected.box())).isGreaterThan(0.99f);
        assertThat(actual.score()).isCloseTo(expected.score(), within(1e-3f));
      }
    }
  }

  @Test
  void optionsLeaveFacesOut() {
    try (Picture picture = Decoded.picture(Shared.photo("multiface.jpg"))) {
      assertThat(detect(picture, options().setMinScore(0.99f))).isEmpty();
      assertThat(detect(picture, options().setMinSize(85))).hasSize(2);
      assertThat(detect(picture, options().setMinScore(0).setMaxOverlap(1)))
          .hasSizeGreaterThan(1000);
    }
  }

  private List<Face> detect(byte[] photo) {
    try (Picture picture = Decoded.picture(photo)) {
      return detect(picture);
    }
  }

  private List<Face> detect(Picture picture) {
    return detect(picture, options());
  }

  private List<Face> detect(Picture picture, DetectionOptions.Builder options) {
    RequestChecks checks = new RequestChecks();
    return yunet
        .search(RequestMessages.searchOptions(options.build(), checks), checks)
        .in(picture, Priority.INTERACTIVE)
        .faces();
  }

  private static DetectionOptions.Builder options() {
    return DetectionOptions.newBuilder();
  }

  private static Box box(JsonNode corners) {
    float x = corners.get(0).floatValue();
    float y = corners.get(1).floatValue();
    return new Box(x, y, corners.get(2).floatValue() - x, corners.get(3).floatValue() - y);
  }

  /** Mean distance of the points, in distances between the eyes. */
  private static double error(Landmarks found, JsonNode reference) {
    double sum = 0;
    for (int i = 0; i < 5; i++) {
      sum += found.points().get(i).distance(point(reference.get(i)));
    }
    return sum / 5 / point(reference.get(0)).distance(point(reference.get(1)));
  }

  private static Point point(JsonNode node) {
    return new Point(node.get(0).floatValue(), node.get(1).floatValue());
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(1);
  }
}
