package dev.facet.gateway;

import static dev.facet.gateway.Answers.crop;
import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.Answers.Refused;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.type.v1.ModelState;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetModelStatusRequest;
import dev.facet.proto.v1.ModelStatus;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.VerifyRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway beside services that are away, come back, change, or break their word. */
class OutageTest {
  @TempDir Path data;

  @Test
  void gatewayAnswersBeforeItsServicesAreThereAndIsReadyWhenTheyAre() {
    int port = freePort();
    try (TestGateway gateway = TestGateway.answering(data, port)) {
      gateway.awaitAnswers();
      assertThat(gateway.health("readiness")).isEqualTo(ServingStatus.NOT_SERVING);
      Refused detector = refused(() -> detect(gateway));
      assertThat(detector.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(detector.reason()).isEqualTo("DETECTOR_DOWN");
      Refused embedder = refused(() -> embed(gateway));
      assertThat(embedder.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(embedder.reason()).isEqualTo("EMBEDDER_DOWN");

      try (var _ = new FakeServices(port)) {
        gateway.awaitHealth("readiness", ServingStatus.SERVING);
        detect(gateway);
        embed(gateway);
      }
    }
  }

  @Test
  void vectorsAreSearchedWhileDetectorAndEmbedderAreAway() {
    FakeServices services = new FakeServices();
    try (TestGateway gateway = TestGateway.ready(data, services)) {
      newCollection(gateway, "c");
      enrolled(gateway, "c", "ada", "anna");
      services.close();
      assertThat(search(gateway, vector("anna"))).isEqualTo(1);
      assertThat(refused(() -> search(gateway, picture("anna"))).reason())
          .isEqualTo("DETECTOR_DOWN");
      assertThat(refused(() -> search(gateway, crop("anna"))).reason()).isEqualTo("EMBEDDER_DOWN");
      assertThat(
              gateway
                  .admin()
                  .getModelStatus(GetModelStatusRequest.getDefaultInstance())
                  .getModelsList())
          .noneMatch(ModelStatus::getReady);
    }
  }

  @Test
  void anotherVersionOfTheModelIsNeverComparedWithTheFirst() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      newCollection(gateway, "c");
      enrolled(gateway, "c", "ada", "anna");
      var first = FakeEmbedder.model("fake-a", true);
      services
          .embedder()
          .models
          .set(0, first.toBuilder().setId(first.getId().toBuilder().setVersion("2")).build());
      Refused refused = refused(() -> search(gateway, picture("anna")));
      assertThat(refused.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
      assertThat(refused.reason()).isEqualTo("MODEL_MISMATCH");
    }
  }

  @Test
  void collectionOfAnOlderVersionGoesOnWhileThatVersionIsKept() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services, "backend.refresh=1h")) {
      newCollection(gateway, "c");
      enrolled(gateway, "c", "ada", "anna");
      services.embedder().models.set(0, first(false));
      services.embedder().models.add(second());
      assertThat(search(gateway, picture("anna"))).isEqualTo(1);
      newCollection(gateway, "d");
      assertThat(
              gateway
                  .collections()
                  .getCollection(GetCollectionRequest.newBuilder().setCollectionId("d").build())
                  .getCollection()
                  .getModel()
                  .getVersion())
          .as("a new collection is bound to the version that has the name now")
          .isEqualTo("2");
    }
  }

  @Test
  void callThatIsBoundToNoVersionFollowsASwitchTheGatewayHasNotHeardOf() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services, "backend.refresh=1h")) {
      embed(gateway);
      services.embedder().models.set(0, second());
      assertThat(
              gateway
                  .faces()
                  .embed(EmbedRequest.newBuilder().setCrop(crop("anna").getCrop()).build())
                  .getModel()
                  .getVersion())
          .isEqualTo("2");
      services.embedder().models.set(0, first(true));
      assertThat(
              gateway
                  .faces()
                  .verify(
                      VerifyRequest.newBuilder()
                          .setProbe(picture("anna"))
                          .setOther(picture("anna"))
                          .build())
                  .getComparison()
                  .getModel()
                  .getVersion())
          .isEqualTo("1");
    }
  }

  @Test
  void modelThatIsLoadingIsShownAndUsedByNobody() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      services
          .embedder()
          .models
          .add(
              EmbedderModel.newBuilder()
                  .setId(second().getId())
                  .setState(ModelState.MODEL_STATE_LOADING)
                  .build());
      embed(gateway);
      assertThat(
              gateway
                  .admin()
                  .getModelStatus(GetModelStatusRequest.getDefaultInstance())
                  .getModelsList())
          .filteredOn(model -> model.getModel().getVersion().equals("2"))
          .singleElement()
          .matches(model -> !model.getReady());
      assertThat(
              refused(
                      () ->
                          gateway
                              .faces()
                              .embed(
                                  EmbedRequest.newBuilder()
                                      .setCrop(crop("anna").getCrop())
                                      .setModel("fake-a@2")
                                      .build()))
                  .reason())
          .isEqualTo("MODEL_NOT_FOUND");
    }
  }

  @Test
  void m11_fullQueueOfTheEmbedderIsTheAnswerAndNothingHangs() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      newCollection(gateway, "c");
      services.embedder().queueFull = true;
      for (int i = 0; i < 3; i++) {
        Refused refused = refused(() -> search(gateway, picture("anna")));
        assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.reason()).isEqualTo("QUEUE_FULL");
      }
      detect(gateway);
      services.embedder().queueFull = false;
      assertThat(search(gateway, picture("anna"))).isZero();
    }
  }

  private static EmbedderModel first(boolean current) {
    return FakeEmbedder.model("fake-a", current).toBuilder().setCurrent(current).build();
  }

  private static EmbedderModel second() {
    EmbedderModel model = FakeEmbedder.model("fake-a", true);
    return model.toBuilder().setId(model.getId().toBuilder().setVersion("2")).build();
  }

  @Test
  void modelThatTheEmbedderGainedIsKnownWithoutARestart() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services, "backend.refresh=1h")) {
      services.embedder().models.add(FakeEmbedder.model("fake-b", false));
      assertThat(
              gateway
                  .faces()
                  .embed(
                      EmbedRequest.newBuilder()
                          .setImage(Answers.image("anna"))
                          .setModel("fake-b")
                          .build())
                  .getModel()
                  .getName())
          .isEqualTo("fake-b");
    }
  }

  @Test
  void g39_accidentInsideIsToldByItsIdAlone() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      Refused refused =
          refused(
              () ->
                  gateway
                      .faces()
                      .detect(DetectRequest.newBuilder().setImage(Answers.image("crash")).build()));
      assertThat(refused.code()).isEqualTo(Status.Code.INTERNAL);
      assertThat(refused.reason()).isEqualTo("INTERNAL");
      assertThat(refused.message()).matches("internal error [0-9a-f]{8}");
      detect(gateway);
    }
  }

  @Test
  void callWithLessTimeThanAPictureTakesIsRefusedBeforeAnyWork() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services, "recognition.least-time=10m")) {
      Refused refused = refused(() -> detect(gateway));
      assertThat(refused.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(refused.reason()).isEqualTo("DEADLINE_PASSED");
      assertThat(services.detector().detections).hasValue(0);
    }
  }

  @Test
  void g17_pictureAboveOneMebibyteIsSentAgainWhenTheDetectorIsBusy() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      services.detector().unavailable.set(2);
      var picture = Answers.image("anna" + " ".repeat(2 << 20));
      assertThat(
              gateway
                  .faces()
                  .detect(DetectRequest.newBuilder().setImage(picture).build())
                  .getFacesList())
          .hasSize(1);
      assertThat(services.detector().detections).hasValue(3);
    }
  }

  private static void detect(TestGateway gateway) {
    assertThat(
            gateway
                .faces()
                .detect(DetectRequest.newBuilder().setImage(Answers.image("anna")).build())
                .getFacesList())
        .hasSize(1);
  }

  private static void embed(TestGateway gateway) {
    assertThat(
            gateway
                .faces()
                .embed(EmbedRequest.newBuilder().setCrop(crop("anna").getCrop()).build())
                .getFacesList())
        .hasSize(1);
  }

  private static int search(TestGateway gateway, Probe probe) {
    return gateway
        .faces()
        .search(SearchRequest.newBuilder().setCollectionId("c").setProbe(probe).build())
        .getResults(0)
        .getMatchesCount();
  }

  private static int freePort() {
    try (FakeServices services = new FakeServices()) {
      return services.port();
    }
  }
}
