package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.facet.models.ModelUnavailableException;
import dev.facet.models.Source;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a machine starts with that reaches package registries alone: MTCNN and dlib's ResNet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MtcnnPipelineTest {
  private FacePipeline pipeline;

  /** Kept between builds, as the package is 6 MB. */
  @BeforeAll
  void open() {
    try {
      pipeline =
          FacePipeline.builder()
              .cache(Path.of("target", "models").toAbsolutePath())
              .mirror(Shared.folder("models"))
              .sources(Source.Kind.MIRROR, Source.Kind.REGISTRY)
              .detector("mtcnn")
              .embedder("dlib-resnet")
              .open();
    } catch (ModelUnavailableException e) {
      abort("pipeline with dlib-resnet: npm cannot fetch it");
    }
  }

  @AfterAll
  void close() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  @Test
  void photosOfOnePersonAreNearerThanThoseOfTwo() {
    FaceVector jonathan = vector("jonathan_1.jpg");
    FaceVector dara = vector("dara_1.jpg");
    double strangers = jonathan.squaredDistance(dara);

    assertThat(jonathan.values()).hasSize(128);
    assertThat(strangers).isGreaterThan(pipeline.matchThreshold());
    assertThat(jonathan.squaredDistance(vector("jonathan_2.jpg"))).isLessThan(strangers * 0.7);
    assertThat(dara.squaredDistance(vector("dara_2.jpg"))).isLessThan(strangers * 0.7);
  }

  @Test
  void turnedFacesAreFoundAtTheirAngle() {
    byte[] photo = Shared.photo("faces_at_angles.jpg");
    FaceSearch turned = FaceSearch.builder().minSize(40).angles(-90, -45, 45, 90).build();

    assertThat(pipeline.faces(photo)).isNotEmpty().allMatch(face -> face.angle() == 0);
    assertThat(pipeline.faces(photo, turned))
        .extracting(RecognisedFace::angle)
        .containsExactlyInAnyOrder(0f, 45f);
  }

  @Test
  void knobsThatAreOutOfRangeAreRefusedByName() {
    FaceSearch search =
        FaceSearch.builder()
            .minSize(5)
            .angles(0, 181)
            .mtcnn(MtcnnKnob.ROTATION_MAX_OVERLAP, 2)
            .build();

    assertThatThrownBy(() -> pipeline.faces(Shared.photo("dara_1.jpg"), search))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "minSize must be from 12",
            "angles[1] must be",
            "rotationMaxOverlap must be from 0 to 1");
  }

  private FaceVector vector(String photo) {
    return pipeline.embed(Shared.photo(photo)).orElseThrow();
  }
}
