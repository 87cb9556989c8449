package dev.facet.gateway;

import static dev.facet.gateway.Answers.crop;
import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrollStreamRequest;
import dev.facet.proto.v1.EnrollStreamResponse;
import dev.facet.proto.v1.EnrolledFace;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.GetCollectionStatisticsRequest;
import dev.facet.proto.v1.GetFaceImageRequest;
import dev.facet.proto.v1.GetSubjectRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Faces go in once, wholly, and as the caller said. */
@TestInstance(Lifecycle.PER_CLASS)
class EnrollTest {
  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;

  EnrollTest(@TempDir Path data) {
    gateway = TestGateway.ready(data, services);
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  @Test
  void faceOfAPictureIsStoredWithAllThatWasSaid() {
    newCollection(gateway, "said");
    Struct metadata =
        Struct.newBuilder()
            .putFields("team", Value.newBuilder().setStringValue("blue").build())
            .putFields("age", Value.newBuilder().setNumberValue(36).build())
            .build();
    EnrollResponse response =
        gateway
            .faces()
            .enroll(
                enroll("said", "ada", picture("anna")).toBuilder()
                    .setDisplayName("Ada Lovelace")
                    .setExternalId("E-1815")
                    .setMetadata(metadata)
                    .setConsentReference("form 7")
                    .build());

    assertThat(response.getReplayed()).isFalse();
    EnrolledFace enrolled = response.getFaces(0);
    assertThat(enrolled.getFound().getBox().getWidth()).isEqualTo(80);
    assertThat(enrolled.getFound().getQuality().getEyeDistance()).isEqualTo(33);
    Face face = enrolled.getFace();
    assertThat(face.getFaceId()).matches("[0-9a-f]{32}");
    assertThat(face.getSubjectId()).isEqualTo("ada");
    assertThat(face.getExternalId()).isEqualTo("E-1815");
    assertThat(face.getMetadata()).isEqualTo(metadata);
    assertThat(face.getImageKept()).isTrue();
    assertThat(face.getModel().getName()).isEqualTo("fake-a");
    assertThat(face.getCreateTime().getSeconds()).isPositive();
    assertThat(subjectName("said", "ada")).isEqualTo("Ada Lovelace");
  }

  @Test
  void timingsTellWhereTheTimeWent() {
    newCollection(gateway, "timed");
    var timings = gateway.faces().enroll(enroll("timed", "ada", picture("anna"))).getTimings();
    assertThat(timings.getDecodeMicros()).isEqualTo(100);
    assertThat(timings.getDetectBatchSize()).isEqualTo(1);
    assertThat(timings.getEmbedMicros()).isEqualTo(200);
    assertThat(timings.hasLedgerMicros()).isTrue();
    assertThat(timings.hasArchiveMicros()).isTrue();
    assertThat(timings.hasSearchMicros()).isFalse();
    assertThat(timings.getTotalMicros()).isPositive();
  }

  @Test
  void keptPictureIsTheDetectorsChip() {
    newCollection(gateway, "kept");
    String faceId = enrolled(gateway, "kept", "ada", "anna");
    var chip =
        gateway
            .faces()
            .getFaceImage(
                GetFaceImageRequest.newBuilder().setCollectionId("kept").setFaceId(faceId).build())
            .getChip();
    assertThat(chip.getImage().getData().toStringUtf8()).isEqualTo("chip of anna");
    assertThat(chip.getDetector()).isEqualTo(FakeDetector.ID);
    assertThat(chip.getBox().getX()).isEqualTo(40);
  }

  @Test
  void pictureIsNotKeptWhereTheCallerSaysSo() {
    newCollection(gateway, "discarded");
    Face face =
        gateway
            .faces()
            .enroll(
                enroll("discarded", "ada", picture("anna")).toBuilder()
                    .setDiscardImage(true)
                    .build())
            .getFaces(0)
            .getFace();
    assertThat(face.getImageKept()).isFalse();
    assertThat(
            refused(
                    () ->
                        gateway
                            .faces()
                            .getFaceImage(
                                GetFaceImageRequest.newBuilder()
                                    .setCollectionId("discarded")
                                    .setFaceId(face.getFaceId())
                                    .build()))
                .reason())
        .isEqualTo("IMAGE_NOT_KEPT");
  }

  @Test
  void cropAndVectorAreStoredWithoutAPicture() {
    newCollection(gateway, "bare");
    for (var probe : List.of(crop("anna"), vector("bob"))) {
      EnrolledFace enrolled = gateway.faces().enroll(enroll("bare", "ada", probe)).getFaces(0);
      assertThat(enrolled.hasFound()).isFalse();
      assertThat(enrolled.getFace().getImageKept()).isFalse();
    }
    assertThat(faces("bare")).isEqualTo(2);
  }

  @Test
  void everyFaceOfAPictureIsStoredWhenAllAreMeant() {
    newCollection(gateway, "all");
    EnrollResponse response =
        gateway.faces().enroll(choosing(FaceChoice.FACE_CHOICE_ALL, "all", "anna bob"));
    assertThat(response.getFacesList()).hasSize(2);
    assertThat(faces("all")).isEqualTo(2);
  }

  @Test
  void twoFacesAreTooManyUnlessTheCallerChooses() {
    newCollection(gateway, "several");
    assertThat(
            refused(() -> gateway.faces().enroll(enroll("several", "ada", picture("anna bob"))))
                .reason())
        .isEqualTo("MULTIPLE_FACES");
    EnrollResponse largest =
        gateway.faces().enroll(choosing(FaceChoice.FACE_CHOICE_LARGEST, "several", "anna bob"));
    assertThat(largest.getFacesList()).hasSize(1);
  }

  /** G18: so an enrolment without a request id may be sent again, too. */
  @Test
  void samePictureUnderTheSameSubjectIsTheSameFace() {
    newCollection(gateway, "again");
    EnrollResponse first = gateway.faces().enroll(enroll("again", "ada", picture("anna")));
    EnrollResponse second = gateway.faces().enroll(enroll("again", "ada", picture("anna")));
    assertThat(second.getReplayed()).isTrue();
    assertThat(second.getFaces(0).getFace()).isEqualTo(first.getFaces(0).getFace());
    assertThat(second.getFaces(0).getFound()).isEqualTo(first.getFaces(0).getFound());
    EnrollResponse other = gateway.faces().enroll(enroll("again", "eve", picture("anna")));
    assertThat(other.getReplayed()).isFalse();
    assertThat(faces("again")).isEqualTo(2);
  }

  @Test
  void deletedFaceMayBeEnrolledAnew() {
    newCollection(gateway, "anew");
    String faceId = enrolled(gateway, "anew", "ada", "anna");
    var _ =
        gateway
            .faces()
            .deleteFace(
                DeleteFaceRequest.newBuilder().setCollectionId("anew").setFaceId(faceId).build());
    EnrollResponse response = gateway.faces().enroll(enroll("anew", "ada", picture("anna")));
    assertThat(response.getReplayed()).isFalse();
    assertThat(response.getFaces(0).getFace().getFaceId()).isEqualTo(faceId);
    assertThat(faces("anew")).isEqualTo(1);
  }

  @Test
  void v02_sameRequestFiveTimesAtOnceStoresOneFace() throws Exception {
    newCollection(gateway, "v02");
    EnrollRequest request =
        enroll("v02", "ada", picture("anna")).toBuilder().setRequestId("req-1").build();
    List<Future<EnrollResponse>> answers = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(5)) {
      for (int i = 0; i < 5; i++) {
        answers.add(callers.submit(() -> gateway.faces().enroll(request)));
      }
    }
    List<EnrollResponse> responses = new ArrayList<>();
    for (Future<EnrollResponse> answer : answers) {
      responses.add(answer.get());
    }
    assertThat(responses.stream().map(EnrollResponse::getFacesList).distinct()).hasSize(1);
    assertThat(responses.stream().filter(response -> !response.getReplayed())).hasSize(1);
    assertThat(faces("v02")).isEqualTo(1);
  }

  @Test
  void repeatedRequestIsAnsweredWithoutWorking() {
    newCollection(gateway, "idle");
    EnrollRequest request =
        enroll("idle", "ada", picture("anna")).toBuilder().setRequestId("req-idle").build();
    EnrollResponse first = gateway.faces().enroll(request);
    int detections = services.detector().detections.get();
    EnrollResponse second = gateway.faces().enroll(request);
    assertThat(services.detector().detections.get()).isEqualTo(detections);
    assertThat(second.getFacesList()).isEqualTo(first.getFacesList());
    assertThat(second.getReplayed()).isTrue();
  }

  @Test
  void v03_requestIdOfAnotherRequestIsRefused() {
    newCollection(gateway, "v03");
    EnrollRequest request =
        enroll("v03", "ada", picture("anna")).toBuilder().setRequestId("req-v03").build();
    assertThat(gateway.faces().enroll(request).getReplayed()).isFalse();
    var refused =
        refused(() -> gateway.faces().enroll(request.toBuilder().setProbe(picture("bob")).build()));
    assertThat(refused.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(refused.reason()).isEqualTo("REQUEST_ID_REUSED");
    assertThat(faces("v03")).isEqualTo(1);
  }

  @Test
  void chosenFaceIdBelongsToOneFace() {
    newCollection(gateway, "chosen");
    EnrollRequest request =
        enroll("chosen", "ada", picture("anna")).toBuilder().setFaceId("my-face").build();
    assertThat(gateway.faces().enroll(request).getFaces(0).getFace().getFaceId())
        .isEqualTo("my-face");
    var refused =
        refused(() -> gateway.faces().enroll(request.toBuilder().setProbe(picture("bob")).build()));
    assertThat(refused.code()).isEqualTo(Status.Code.ALREADY_EXISTS);
    assertThat(refused.reason()).isEqualTo("FACE_EXISTS");
    assertThat(refused.info().getMetadataMap()).containsEntry("face_id", "my-face");
  }

  @Test
  void streamAnswersEachPictureByItsRequestId() throws Exception {
    newCollection(gateway, "stream");
    Map<String, EnrollStreamResponse> answers = new ConcurrentHashMap<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<EnrollStreamRequest> requests =
        FaceServiceGrpc.newStub(gateway.channel())
            .enrollStream(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EnrollStreamResponse answer) {
                    answers.put(answer.getRequestId(), answer);
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    done.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(null);
                  }
                });
    for (int i = 0; i < 40; i++) {
      String picture = i == 7 ? "corrupt" : "person" + i;
      requests.onNext(
          EnrollStreamRequest.newBuilder()
              .setRequest(
                  enroll("stream", "s" + i, picture(picture)).toBuilder().setRequestId("r" + i))
              .build());
    }
    requests.onNext(
        EnrollStreamRequest.newBuilder()
            .setRequest(enroll("stream", "anonymous", picture("nameless")))
            .build());
    requests.onCompleted();
    done.get();
    assertThat(answers).hasSize(41);
    Map<String, String> refusals = new HashMap<>();
    answers.forEach(
        (id, answer) -> {
          if (answer.hasError()) {
            refusals.put(id, refused(answer.getError()).reason());
          }
        });
    assertThat(refusals).isEqualTo(Map.of("r7", "IMAGE_CORRUPT", "", "INVALID_ID"));
    assertThat(faces("stream")).isEqualTo(39);
  }

  private static EnrollRequest choosing(FaceChoice choice, String collection, String people) {
    return enroll(collection, "ada", picture(people)).toBuilder()
        .setOptions(DetectionOptions.newBuilder().setChoice(choice))
        .build();
  }

  private long faces(String collection) {
    return gateway
        .collections()
        .getCollectionStatistics(
            GetCollectionStatisticsRequest.newBuilder().setCollectionId(collection).build())
        .getFaces();
  }

  private String subjectName(String collection, String subject) {
    return gateway
        .faces()
        .getSubject(
            GetSubjectRequest.newBuilder()
                .setCollectionId(collection)
                .setSubjectId(subject)
                .build())
        .getSubject()
        .getDisplayName();
  }
}
