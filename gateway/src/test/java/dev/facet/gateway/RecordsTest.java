package dev.facet.gateway;

import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DeleteSubjectRequest;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetCollectionStatisticsRequest;
import dev.facet.proto.v1.GetFaceRequest;
import dev.facet.proto.v1.GetFaceResponse;
import dev.facet.proto.v1.GetModelStatusRequest;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListCollectionsResponse;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListFacesResponse;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.ListSubjectsResponse;
import dev.facet.proto.v1.MergeSubjectsRequest;
import dev.facet.proto.v1.MergeSubjectsResponse;
import dev.facet.proto.v1.ModelStatus;
import dev.facet.proto.v1.ModelTask;
import dev.facet.proto.v1.RetentionPolicy;
import dev.facet.proto.v1.Subject;
import dev.facet.proto.v1.UpdateCollectionRequest;
import dev.facet.proto.v1.UpdateFaceRequest;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Collections, subjects and faces as records: read, listed, changed, deleted. */
@TestInstance(Lifecycle.PER_CLASS)
class RecordsTest {
  private static final Struct BLUE =
      Struct.newBuilder()
          .putFields("team", Value.newBuilder().setStringValue("blue").build())
          .build();

  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;

  RecordsTest(@TempDir Path data) {
    gateway = TestGateway.ready(data, services);
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  @Test
  void newCollectionIsBoundToTheDefaultModel() {
    Collection collection =
        gateway
            .collections()
            .createCollection(
                CreateCollectionRequest.newBuilder()
                    .setDisplayName("Staff")
                    .setMetadata(BLUE)
                    .build())
            .getCollection();
    assertThat(collection.getCollectionId()).matches("[A-Za-z0-9._-]{1,64}");
    assertThat(collection.getModel()).isEqualTo(FakeEmbedder.model("fake-a", true).getId());
    assertThat(collection.getMatchThreshold()).isEqualTo(FakeEmbedder.THRESHOLD);
    assertThat(collection.getDisplayName()).isEqualTo("Staff");
    assertThat(collection.getMetadata()).isEqualTo(BLUE);
    assertThat(
            gateway
                .collections()
                .getCollection(
                    GetCollectionRequest.newBuilder()
                        .setCollectionId(collection.getCollectionId())
                        .build())
                .getCollection())
        .isEqualTo(collection);
  }

  @Test
  void collectionChangesOnlyWhereTheMaskSays() {
    newCollection(gateway, "masked");
    Collection changed =
        gateway
            .collections()
            .updateCollection(
                UpdateCollectionRequest.newBuilder()
                    .setCollection(
                        Collection.newBuilder()
                            .setCollectionId("masked")
                            .setDisplayName("not this")
                            .setMatchThreshold(0.75f))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("match_threshold"))
                    .build())
            .getCollection();
    assertThat(changed.getMatchThreshold()).isEqualTo(0.75f);
    assertThat(changed.getDisplayName()).isEmpty();
  }

  @Test
  void filledCollectionIsDroppedOnlyByForce() {
    newCollection(gateway, "full");
    enrolled(gateway, "full", "ada", "anna");
    DropCollectionRequest request =
        DropCollectionRequest.newBuilder().setCollectionId("full").build();
    assertThat(refused(() -> gateway.collections().dropCollection(request)).reason())
        .isEqualTo("COLLECTION_NOT_EMPTY");
    assertThat(
            gateway
                .collections()
                .dropCollection(request.toBuilder().setForce(true).build())
                .getDeletedFaces())
        .isEqualTo(1);
    assertThat(
            refused(
                    () ->
                        gateway
                            .collections()
                            .getCollection(
                                GetCollectionRequest.newBuilder().setCollectionId("full").build()))
                .reason())
        .isEqualTo("COLLECTION_NOT_FOUND");
  }

  @Test
  void collectionsAreListedPageByPageInOrder() {
    for (int i = 0; i < 5; i++) {
      newCollection(gateway, "page-" + i);
    }
    List<String> ids = new ArrayList<>();
    ListCollectionsRequest request = ListCollectionsRequest.newBuilder().setPageSize(2).build();
    do {
      ListCollectionsResponse page = gateway.collections().listCollections(request);
      assertThat(page.getCollectionsList()).hasSizeBetween(1, 2);
      page.getCollectionsList().forEach(collection -> ids.add(collection.getCollectionId()));
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    } while (!request.getPageToken().isEmpty());
    assertThat(ids).isSorted().doesNotHaveDuplicates().contains("page-0", "page-4");
  }

  @Test
  void statisticsCountWhatIsThere() {
    newCollection(gateway, "numbers");
    enrolled(gateway, "numbers", "ada", "anna");
    enrolled(gateway, "numbers", "ada", "anna:0.1");
    var _ =
        gateway
            .faces()
            .enroll(
                enroll("numbers", "eve", picture("eve")).toBuilder().setDiscardImage(true).build());
    var statistics =
        gateway
            .collections()
            .getCollectionStatistics(
                GetCollectionStatisticsRequest.newBuilder().setCollectionId("numbers").build());
    assertThat(statistics.getSubjects()).isEqualTo(2);
    assertThat(statistics.getFaces()).isEqualTo(3);
    assertThat(statistics.getImages()).isEqualTo(2);
    assertThat(statistics.getGallerySequence())
        .isGreaterThanOrEqualTo(statistics.getLedgerSequence());
    assertThat(statistics.getNewestFaceTime().getSeconds()).isPositive();
  }

  @Test
  void vectorComesOnlyWhenNamed() {
    newCollection(gateway, "vector");
    String faceId = enrolled(gateway, "vector", "ada", "anna");
    GetFaceRequest request = getFace("vector", faceId);
    assertThat(gateway.faces().getFace(request).hasVector()).isFalse();
    GetFaceResponse named =
        gateway
            .faces()
            .getFace(
                request.toBuilder().setReadMask(FieldMask.newBuilder().addPaths("vector")).build());
    assertThat(named.getVector()).isEqualTo(FakeEmbedder.vector("anna"));
    assertThat(named.getFace().getFaceId()).isEqualTo(faceId);
  }

  @Test
  void facesAreListedInOrderOfCreation() {
    newCollection(gateway, "faces");
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      created.add(enrolled(gateway, "faces", i % 2 == 0 ? "even" : "odd", "person" + i));
    }
    ListFacesRequest all = ListFacesRequest.newBuilder().setCollectionId("faces").build();
    assertThat(listed(all.toBuilder().setPageSize(3).build())).isEqualTo(created);
    assertThat(listed(all)).isEqualTo(created);
    assertThat(listed(all.toBuilder().setSubjectId("odd").setPageSize(2).build()))
        .containsExactly(created.get(1), created.get(3), created.get(5));
  }

  @Test
  void pageTokenOfOneListingIsNoneOfAnother() {
    newCollection(gateway, "tokens");
    newCollection(gateway, "tokens2");
    for (String collection : List.of("tokens", "tokens2")) {
      enrolled(gateway, collection, "ada", "anna");
      enrolled(gateway, collection, "eve", "eve");
    }
    ListFacesRequest request =
        ListFacesRequest.newBuilder().setCollectionId("tokens").setPageSize(1).build();
    String token = gateway.faces().listFaces(request).getNextPageToken();
    assertThat(token).isNotEmpty();
    assertThat(
            refused(
                    () ->
                        gateway
                            .faces()
                            .listFaces(
                                request.toBuilder()
                                    .setCollectionId("tokens2")
                                    .setPageToken(token)
                                    .build()))
                .reason())
        .isEqualTo("INVALID_PAGE_TOKEN");
  }

  @Test
  void faceMovesToAnotherSubject() {
    newCollection(gateway, "moved");
    String faceId = enrolled(gateway, "moved", "ada", "anna");
    enrolled(gateway, "moved", "eve", "eve");
    Face moved =
        gateway
            .faces()
            .updateFace(
                UpdateFaceRequest.newBuilder()
                    .setFace(
                        Face.newBuilder()
                            .setCollectionId("moved")
                            .setFaceId(faceId)
                            .setSubjectId("eve")
                            .setMetadata(BLUE))
                    .setUpdateMask(
                        FieldMask.newBuilder().addPaths("subject_id").addPaths("metadata"))
                    .build())
            .getFace();
    assertThat(moved.getSubjectId()).isEqualTo("eve");
    assertThat(moved.getMetadata()).isEqualTo(BLUE);
  }

  @Test
  void deletedFaceIsGoneAndMayBeDeletedAgain() {
    newCollection(gateway, "deleted");
    String faceId = enrolled(gateway, "deleted", "ada", "anna");
    DeleteFaceRequest request =
        DeleteFaceRequest.newBuilder().setCollectionId("deleted").setFaceId(faceId).build();
    var first = gateway.faces().deleteFace(request);
    assertThat(gateway.faces().deleteFace(request).getHideTime()).isEqualTo(first.getHideTime());
    assertThat(refused(() -> gateway.faces().getFace(getFace("deleted", faceId))).reason())
        .isEqualTo("FACE_NOT_FOUND");
  }

  @Test
  void subjectsAreListedMergedAndDeleted() {
    newCollection(gateway, "people");
    for (String subject : List.of("cid", "ada", "bob")) {
      enrolled(gateway, "people", subject, subject);
    }
    ListSubjectsResponse page =
        gateway
            .faces()
            .listSubjects(
                ListSubjectsRequest.newBuilder().setCollectionId("people").setPageSize(2).build());
    assertThat(page.getSubjectsList())
        .extracting(Subject::getSubjectId)
        .containsExactly("ada", "bob");
    assertThat(page.getNextPageToken()).isNotEmpty();

    MergeSubjectsResponse merged =
        gateway
            .faces()
            .mergeSubjects(
                MergeSubjectsRequest.newBuilder()
                    .setCollectionId("people")
                    .setFromSubjectId("bob")
                    .setIntoSubjectId("ada")
                    .build());
    assertThat(merged.getMovedFaces()).isEqualTo(1);
    assertThat(merged.getSubject().getFaceCount()).isEqualTo(2);
    assertThat(refused(() -> gateway.faces().getSubject(getSubject("bob"))).reason())
        .isEqualTo("SUBJECT_NOT_FOUND");

    DeleteSubjectRequest delete =
        DeleteSubjectRequest.newBuilder().setCollectionId("people").setSubjectId("ada").build();
    assertThat(gateway.faces().deleteSubject(delete).getDeletedFaces()).isEqualTo(2);
    assertThat(listed(ListFacesRequest.newBuilder().setCollectionId("people").build())).hasSize(1);
  }

  @Test
  void modelStatusNamesDetectorsAndEmbedders() {
    List<ModelStatus> models =
        gateway.admin().getModelStatus(GetModelStatusRequest.getDefaultInstance()).getModelsList();
    assertThat(models)
        .extracting(ModelStatus::getTask)
        .containsExactly(ModelTask.MODEL_TASK_DETECTOR, ModelTask.MODEL_TASK_EMBEDDER);
    assertThat(models).allMatch(ModelStatus::getReady).allMatch(ModelStatus::getDefault);
    assertThat(models.get(1).getDimension()).isEqualTo(FakeEmbedder.DIMENSION);
  }

  @Test
  void ageingIsRefusedUntilSomethingKeepsThePromise() {
    var refused =
        refused(
            () ->
                gateway
                    .collections()
                    .createCollection(
                        CreateCollectionRequest.newBuilder()
                            .setRetention(
                                RetentionPolicy.newBuilder()
                                    .setFaceTtl(Duration.newBuilder().setSeconds(60)))
                            .build()));
    assertThat(refused.code()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(refused.reason()).isEqualTo("NOT_BUILT");
  }

  private static GetFaceRequest getFace(String collection, String faceId) {
    return GetFaceRequest.newBuilder().setCollectionId(collection).setFaceId(faceId).build();
  }

  private static GetSubjectRequest getSubject(String subject) {
    return GetSubjectRequest.newBuilder().setCollectionId("people").setSubjectId(subject).build();
  }

  private List<String> listed(ListFacesRequest first) {
    List<String> ids = new ArrayList<>();
    ListFacesRequest request = first;
    do {
      ListFacesResponse page = gateway.faces().listFaces(request);
      page.getFacesList().forEach(face -> ids.add(face.getFaceId()));
      request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
    } while (!request.getPageToken().isEmpty());
    return ids;
  }
}
