package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.facet.detector.image.Picture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

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
