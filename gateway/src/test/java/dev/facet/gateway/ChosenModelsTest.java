package dev.facet.gateway;

import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.MtcnnOptions;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.FoundFace;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Which detector and which embedding model work on a picture is the caller's to say. */
@TestInstance(Lifecycle.PER_CLASS)
class ChosenModelsTest {
  private static final DetectionOptions ALL_SET =
      DetectionOptions.newBuilder()
          .setDetector(FakeDetector.ID.getName())
          .setChoice(FaceChoice.FACE_CHOICE_LARGEST)
          .setMaxFaces(3)
          .setMinScore(0.5f)
          .setMinSize(40)
          .setMaxOverlap(0.3f)
          .setMaxSide(1280)
          .addAllAngles(List.of(0f, 45f))
          .setMtcnn(MtcnnOptions.newBuilder().setPyramidFactor(0.6f).setOutputMinScore(0.8f))
          .build();

  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;

  ChosenModelsTest(@TempDir Path data) {
    services.embedder().models.add(FakeEmbedder.model("fake-b", false));
    gateway = TestGateway.ready(data, services);
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  @Test
  void everyCallHandsItsOptionsToTheDetectorAndTheAngleBack() {
    newCollection(gateway, "options");
    Map<String, Supplier<FoundFace>> calls =
        Map.of(
            "detect",
            () ->
                gateway
                    .faces()
                    .detect(
                        DetectRequest.newBuilder()
                            .setImage(Answers.image("anna"))
                            .setOptions(ALL_SET)
                            .build())
                    .getFaces(0)
                    .getFace(),
            "embed",
            () ->
                gateway
                    .faces()
                    .embed(
                        EmbedRequest.newBuilder()
                            .setImage(Answers.image("anna"))
                            .setOptions(ALL_SET)
                            .build())
                    .getFaces(0)
                    .getFace(),
            "enroll",
            () ->
                gateway
                    .faces()
                    .enroll(
                        enroll("options", "ada", picture("anna")).toBuilder()
                            .setOptions(ALL_SET)
                            .build())
                    .getFaces(0)
                    .getFound(),
            "search",
            () ->
                gateway
                    .faces()
                    .search(
                        SearchRequest.newBuilder()
                            .setCollectionId("options")
                            .setProbe(picture("anna"))
                            .setOptions(ALL_SET)
                            .build())
                    .getResults(0)
                    .getFace(),
            "identify",
            () ->
                gateway
                    .faces()
                    .identify(
                        IdentifyRequest.newBuilder()
                            .setCollectionId("options")
                            .setProbe(picture("anna"))
                            .setOptions(ALL_SET)
                            .build())
                    .getFaces(0)
                    .getFace(),
            "verify",
            () ->
                gateway
                    .faces()
                    .verify(
                        VerifyRequest.newBuilder()
                            .setProbe(picture("anna"))
                            .setOther(picture("anna"))
                            .setOptions(ALL_SET)
                            .build())
                    .getOtherFace());
    calls.forEach(
        (name, call) -> {
          services.detector().options.set(DetectionOptions.getDefaultInstance());
          assertThat(call.get().getAngle()).as(name).isEqualTo(45);
          assertThat(services.detector().options.get()).as(name).isEqualTo(ALL_SET);
        });
  }

  @Test
  void faceIdOfAPlainEnrolmentIsTheSameInEveryVersion() {
    newCollection(gateway, "stable");
    EnrollRequest plain = enroll("stable", "ada", picture("anna"));
    Face face = gateway.faces().enroll(plain).getFaces(0).getFace();

    assertThat(face.getFaceId()).isEqualTo("ded9d0acc219f1d1ae5505f36e0e9aa3");
    assertThat(id(plain, DetectionOptions.getDefaultInstance())).isEqualTo(face.getFaceId());
    assertThat(
            id(plain, DetectionOptions.newBuilder().setChoice(FaceChoice.FACE_CHOICE_ONLY).build()))
        .as("the call's own choice, said aloud")
        .isEqualTo(face.getFaceId());
    assertThat(id(plain, DetectionOptions.newBuilder().addAngles(45).build()))
        .as("another search may find another face")
        .isNotEqualTo(face.getFaceId());
  }

  private String id(EnrollRequest request, DetectionOptions options) {
    return gateway
        .faces()
        .enroll(request.toBuilder().setOptions(options).build())
        .getFaces(0)
        .getFace()
        .getFaceId();
  }

  @Test
  void collectionKeepsTheModelItWasCreatedWith() {
    gateway
        .collections()
        .createCollection(
            CreateCollectionRequest.newBuilder().setCollectionId("b").setModel("fake-b").build());

    assertThat(
            gateway
                .faces()
                .enroll(enroll("b", "ada", picture("anna")))
                .getFaces(0)
                .getFace()
                .getModel()
                .getName())
        .isEqualTo("fake-b");
  }

  @Test
  void verificationOutsideACollectionMayNameItsModel() {
    VerifyRequest request =
        VerifyRequest.newBuilder().setProbe(picture("anna")).setOther(picture("anna")).build();

    assertThat(model(gateway.faces().verify(request))).isEqualTo("fake-a");
    assertThat(model(gateway.faces().verify(request.toBuilder().setModel("fake-b").build())))
        .isEqualTo("fake-b");
  }

  private static String model(VerifyResponse response) {
    return response.getComparison().getModel().getName();
  }
}
