package dev.facet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.detector.FaceChoice;
import dev.facet.detector.MultipleFacesException;
import dev.facet.detector.image.DecodeTimeoutException;
import dev.facet.detector.image.ImageFault;
import dev.facet.detector.image.InvalidImageException;
import dev.facet.models.Source;
import dev.facet.models.UnknownModelException;
import io.grpc.Context;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pipeline with real weights and photos, on the class path that its users get. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FacePipelineTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Path cache;
  private FacePipeline pipeline;

  @BeforeAll
  void open(@TempDir Path folder) {
    cache = folder;
    pipeline = builder().meters(meters).open();
  }

  @AfterAll
  void close() {
    if (pipeline != null) {
      pipeline.close();
    }
  }

  private FacePipelineBuilder builder() {
    return FacePipeline.builder()
        .cache(cache)
        .mirror(Shared.folder("models"))
        .sources(Source.Kind.MIRROR);
  }

  @Test
  void firstModelsThatCanBeHadAreTaken() {
    assertThat(pipeline.detector().name()).isEqualTo("yunet");
    assertThat(pipeline.embedder().name()).isEqualTo("edgeface-xs");
    assertThat(pipeline.matchThreshold()).isEqualTo(1.25);
  }

  @ParameterizedTest
  @CsvSource({
    "jonathan_1.jpg, jonathan_2.jpg, true",
    "dara_1.jpg,     dara_2.jpg,     true",
    "jonathan_1.jpg, dara_1.jpg,     false",
    "jonathan_2.jpg, dara_2.jpg,     false"
  })
  void photosOfOnePersonAreNearAndOfTwoFar(String a, String b, boolean onePerson) {
    double distance = vector(a).squaredDistance(vector(b));

    assertThat(distance < pipeline.matchThreshold())
        .as("distance %.3f", distance)
        .isEqualTo(onePerson);
  }

  @Test
  void everyFaceHasItsPlaceItsQualityAndAVector() {
    List<RecognisedFace> faces = pipeline.faces(Shared.photo("multiface.jpg"));

    assertThat(faces).hasSize(6);
    assertThat(faces).isSortedAccordingTo(Comparator.comparingDouble(face -> -face.score()));
    for (RecognisedFace face : faces) {
      assertThat(face.box().x()).isBetween(0f, 1200f);
      assertThat(face.landmarks().leftEye().x()).isLessThan(face.landmarks().rightEye().x());
      assertThat(face.score()).isBetween(0.6f, 1f);
      assertThat(face.angle()).isZero();
      assertThat(face.quality().overall()).isGreaterThan(0.5f);
      assertThat(face.vector().model()).isEqualTo(pipeline.embedder());
      assertThat(face.vector().values()).hasSize(512);
    }
  }

  @Test
  void oneFaceIsTheOneThatIsMeant() {
    byte[] photo = Shared.photo("multiface.jpg");
    List<RecognisedFace> faces = pipeline.faces(photo);
    RecognisedFace largest =
        faces.stream()
            .max(Comparator.comparingDouble(face -> face.box().width() * face.box().height()))
            .orElseThrow();

    assertThat(pipeline.face(photo, FaceChoice.LARGEST, FaceSearch.STANDARD))
        .hasValueSatisfying(face -> assertThat(face.box()).isEqualTo(largest.box()));
    assertThat(pipeline.embed(photo))
        .hasValueSatisfying(
            vector ->
                assertThat(vector.squaredDistance(largest.vector())).isCloseTo(0, within(1e-6)));
    assertThatThrownBy(() -> pipeline.face(photo, FaceChoice.ONLY, FaceSearch.STANDARD))
        .isInstanceOf(MultipleFacesException.class);
  }

  @Test
  void searchIsObeyed() {
    byte[] photo = Shared.photo("multiface.jpg");
    FaceSearch two = FaceSearch.builder().maxFaces(2).build();
    FaceSearch none = FaceSearch.builder().minSize(500).build();

    assertThat(pipeline.faces(photo, two)).hasSize(2);
    assertThat(pipeline.faces(photo, none)).isEmpty();
    assertThat(pipeline.face(photo, FaceChoice.MOST_CENTRAL, none)).isEmpty();
  }

  @Test
  void searchThatIsNotForThisDetectorIsRefusedOptionByOption() {
    FaceSearch search =
        FaceSearch.builder()
            .minScore(2)
            .minSize(-1)
            .maxOverlap(Double.NaN)
            .maxSide(5000)
            .angles(-45, 45)
            .maxFaces(-1)
            .mtcnn(MtcnnKnob.PYRAMID_FACTOR, 0.99)
            .build();

    assertThatThrownBy(() -> pipeline.faces(Shared.photo("dara_1.jpg"), search))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "minScore must be from 0 to 1",
            "minSize must be from 0 to",
            "maxOverlap must be from 0 to 1",
            "maxSide must be from 64 to 1280",
            "angles is for MTCNN",
            "maxFaces must be from 0 to",
            "pyramidFactor must be from 0.1 to 0.95");
  }

  @Test
  void photoWithoutAFaceGivesNone() throws IOException {
    ByteArrayOutputStream photo = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(320, 240, BufferedImage.TYPE_3BYTE_BGR), "png", photo);

    assertThat(pipeline.faces(photo.toByteArray())).isEmpty();
    assertThat(pipeline.embed(photo.toByteArray())).isEmpty();
  }

  @Test
  void whatIsNoPhotoIsRefusedAsTheServiceDoes() {
    byte[] photo = Shared.photo("dara_1.jpg");
    assertFault(ImageFault.IMAGE_EMPTY, new byte[0]);
    assertFault(ImageFault.UNSUPPORTED_FORMAT, new byte[] {'G', 'I', 'F', '8', '9', 'a', 0, 0});
    assertFault(ImageFault.IMAGE_TRUNCATED, Arrays.copyOf(photo, photo.length / 2));
    assertFault(ImageFault.IMAGE_TOO_LARGE, new byte[10485761]);
  }

  /** More callers than are let in at once: all are answered, and as if alone. */
  @Test
  void callersOnVirtualThreadsAllGetTheirAnswers() throws Exception {
    List<String> photos = List.of("dara_1.jpg", "jonathan_1.jpg", "two_faces.jpg");
    List<List<RecognisedFace>> alone =
        photos.stream().map(photo -> pipeline.faces(Shared.photo(photo))).toList();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<RecognisedFace>>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        byte[] photo = Shared.photo(photos.get(i % photos.size()));
        answers.add(callers.submit(() -> pipeline.faces(photo)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertAlike(answers.get(i).get(), alone.get(i % photos.size()));
      }
    }
    assertThat(meters.get("facet.batch.size").tag("model", "edgeface-xs").summary().totalAmount())
        .isGreaterThanOrEqualTo(100);
    assertThat(meters.find("facet.batch.refused").counter()).isNull();
  }

  @Test
  void interruptedCallerLeavesAndStaysInterrupted() {
    byte[] photo = Shared.photo("dara_1.jpg");
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> pipeline.faces(photo)).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(pipeline.faces(photo)).isNotEmpty();
  }

  /** As in a gRPC service that uses the library. */
  @Test
  void deadlineOfTheCallThatTheThreadAnswersHolds() {
    byte[] photo = Shared.photo("dara_1.jpg");
    try (var scheduler = Executors.newSingleThreadScheduledExecutor();
        var call = Context.current().withDeadlineAfter(1, TimeUnit.NANOSECONDS, scheduler)) {
      assertThatThrownBy(() -> call.call(() -> pipeline.faces(photo)))
          .isInstanceOfAny(DecodeTimeoutException.class, CancellationException.class);
    }
  }

  /** Nobody is left without an answer, and no answer is half one. */
  @Test
  void whoIsInWorkWhenItIsClosedIsAnsweredAndWhoComesLaterIsRefused() throws Exception {
    byte[] photo = Shared.photo("dara_1.jpg");
    FacePipeline closing = builder().open();
    CountDownLatch first = new CountDownLatch(1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<RecognisedFace>>> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        answers.add(
            callers.submit(
                () -> {
                  List<RecognisedFace> faces = closing.faces(photo);
                  first.countDown();
                  return faces;
                }));
      }
      first.await();
      closing.close();
      for (Future<List<RecognisedFace>> answer : answers) {
        try {
          assertThat(answer.get()).hasSize(1);
        } catch (ExecutionException e) {
          assertThat(e)
              .hasCauseInstanceOf(IllegalStateException.class)
              .hasMessageContaining("closed");
        }
      }
    }
    assertThatThrownBy(() -> closing.faces(photo))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the pipeline is closed");
    closing.close();
  }

  @Test
  void modelThatIsUnknownOrForAnotherTaskIsRefusedByName() {
    assertThatThrownBy(() -> builder().embedder("eigenfaces").open())
        .isInstanceOf(UnknownModelException.class)
        .hasMessageContaining("eigenfaces")
        .hasMessageContaining("edgeface-xs");
    assertThatThrownBy(() -> builder().detector("edgeface-xs").open())
        .isInstanceOf(UnknownModelException.class)
        .hasMessageContaining("edgeface-xs is not one of [yunet, mtcnn");
  }

  private FaceVector vector(String photo) {
    return pipeline.embed(Shared.photo(photo)).orElseThrow();
  }

  private void assertFault(ImageFault fault, byte[] image) {
    assertThatThrownBy(() -> pipeline.faces(image))
        .isInstanceOfSatisfying(
            InvalidImageException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }

  /** A run with others rounds otherwise. */
  private static void assertAlike(List<RecognisedFace> faces, List<RecognisedFace> expected) {
    assertThat(faces).hasSameSizeAs(expected);
    for (int i = 0; i < faces.size(); i++) {
      assertThat(faces.get(i).box().x()).isCloseTo(expected.get(i).box().x(), within(0.1f));
      assertThat(faces.get(i).vector().squaredDistance(expected.get(i).vector())).isLessThan(1e-3);
    }
  }
}
