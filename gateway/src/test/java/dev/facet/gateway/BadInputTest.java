package dev.facet.gateway;

import static dev.facet.gateway.Answers.crop;
import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.enrolled;
import static dev.facet.gateway.Answers.face;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.facet.gateway.Answers.Refused;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.ModelVector;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.ClusterCollectionRequest;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DeleteSubjectRequest;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EraseSubjectRequest;
import dev.facet.proto.v1.GetFaceRequest;
import dev.facet.proto.v1.GetOperationRequest;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.MergeSubjectsRequest;
import dev.facet.proto.v1.OperationServiceGrpc;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.Subject;
import dev.facet.proto.v1.UpdateSubjectRequest;
import dev.facet.proto.v1.VerifyRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a request is said exactly: code, reason and fields are a golden file. */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputTest {
  private static final Probe ANNA = picture("anna");

  private final FakeServices services = new FakeServices();
  private final TestGateway gateway;
  private final Map<String, Runnable> calls = new LinkedHashMap<>();

  BadInputTest(@TempDir Path data) {
    gateway = TestGateway.ready(data, services);
  }

  @BeforeAll
  void fill() {
    newCollection(gateway, "c");
    enrolled(gateway, "c", "ada", "anna");
    pictures();
    probes();
    ids();
    ranges();
    listings();
    changes();
    unbuilt();
  }

  @AfterAll
  void close() {
    gateway.close();
    services.close();
  }

  @Test
  void g38_everyBadInputIsRefusedAsTheGoldenFileSays() throws IOException {
    StringBuilder answers = new StringBuilder();
    calls.forEach(
        (name, call) -> {
          Refused refused = refused(call);
          answers.append(
              "%s: %s %s %s%n"
                  .formatted(name, refused.code(), refused.reason(), refused.fields())
                  .replace(" []", ""));
        });
    assertThat(answers.toString()).isEqualTo(golden());
  }

  @Test
  void g39_noRefusalLeaksWhatIsInside() {
    calls.forEach(
        (name, call) -> {
          Refused refused = refused(call);
          assertThat(refused.info().getDomain()).as(name).isEqualTo("facet.dev");
          assertThat(refused.message())
              .as(name)
              .isNotBlank()
              .doesNotContain("Exception", "java.", "sql", "/tmp", "127.0.0.1");
        });
  }

  private void pictures() {
    refuse("corrupt picture", () -> search(picture("corrupt")));
    refuse("corrupt other picture", () -> verify(ANNA, picture("corrupt")));
    refuse(
        "corrupt picture to detect",
        () ->
            gateway
                .faces()
                .detect(DetectRequest.newBuilder().setImage(Answers.image("corrupt")).build()));
    refuse("no face to enroll", () -> enrollInto("c", picture("nobody")));
    refuse(
        "no face to enroll of all",
        () ->
            gateway
                .faces()
                .enroll(
                    enroll("c", "ada", picture("nobody")).toBuilder()
                        .setOptions(choice(FaceChoice.FACE_CHOICE_ALL))
                        .build()));
    refuse("no face to verify", () -> verify(picture("nobody"), ANNA));
    refuse("several faces to enroll", () -> enrollInto("c", picture("anna bob")));
    refuse(
        "one face_id for two faces",
        () ->
            gateway
                .faces()
                .enroll(
                    enroll("c", "ada", picture("anna bob")).toBuilder()
                        .setFaceId("one")
                        .setOptions(choice(FaceChoice.FACE_CHOICE_ALL))
                        .build()));
    refuse(
        "all faces to verify",
        () ->
            gateway
                .faces()
                .verify(
                    VerifyRequest.newBuilder()
                        .setProbe(ANNA)
                        .setOther(ANNA)
                        .setOptions(choice(FaceChoice.FACE_CHOICE_ALL))
                        .build()));
    refuse(
        "model beside a collection",
        () ->
            gateway
                .faces()
                .verify(
                    VerifyRequest.newBuilder()
                        .setCollectionId("c")
                        .setProbe(ANNA)
                        .setOther(ANNA)
                        .setModel("fake-a")
                        .build()));
    refuse(
        "unknown detector",
        () ->
            gateway
                .faces()
                .detect(
                    DetectRequest.newBuilder()
                        .setImage(Answers.image("anna"))
                        .setOptions(DetectionOptions.newBuilder().setDetector("none"))
                        .build()));
    refuse(
        "unknown detector of a probe",
        () ->
            gateway
                .faces()
                .verify(
                    VerifyRequest.newBuilder()
                        .setProbe(ANNA)
                        .setOther(ANNA)
                        .setOptions(DetectionOptions.newBuilder().setDetector("none"))
                        .build()));
    refuse(
        "unknown choice",
        () ->
            gateway
                .faces()
                .detect(
                    DetectRequest.newBuilder()
                        .setImage(Answers.image("anna"))
                        .setOptions(DetectionOptions.newBuilder().setChoiceValue(99))
                        .build()));
  }

  private void probes() {
    refuse("no probe", () -> search(Probe.getDefaultInstance()));
    refuse("enroll a face_id", () -> enrollInto("c", face("f")));
    refuse("nothing to embed", () -> gateway.faces().embed(EmbedRequest.getDefaultInstance()));
    refuse("crop without pixels", () -> search(cut(crop("anna"), 5)));
    refuse(
        "crop of another size",
        () -> search(Probe.newBuilder().setCrop(FakeDetector.crop("anna", 8, 8)).build()));
    refuse(
        "crop of another size to embed",
        () ->
            gateway
                .faces()
                .embed(EmbedRequest.newBuilder().setCrop(FakeDetector.crop("anna", 8, 8)).build()));
    refuse("vector with NaN", () -> search(altered(Float.NaN)));
    refuse("vector with infinity", () -> search(altered(Float.POSITIVE_INFINITY)));
    refuse("vector not of unit length", () -> search(altered(2)));
    refuse(
        "vector too short",
        () ->
            search(
                Probe.newBuilder()
                    .setVector(
                        vector("anna").getVector().toBuilder()
                            .setVector(Vector.newBuilder().addValues(1)))
                    .build()));
    refuse("m15 vector of another model", () -> search(foreign()));
    refuse("m15 vector of another model to enroll", () -> enrollInto("c", foreign()));
    refuse("unknown face as probe", () -> search(face("nobody")));
    refuse("face as probe without a collection", () -> verify(face("f"), ANNA));
  }

  private void ids() {
    refuse(
        "every field at once",
        () ->
            gateway
                .faces()
                .enroll(
                    enroll("c c", "", picture("anna")).toBuilder()
                        .setFaceId("ä")
                        .setRequestId("x".repeat(65))
                        .setDisplayName("n".repeat(257))
                        .setExternalId("n".repeat(257))
                        .setConsentReference("n".repeat(257))
                        .build()));
    refuse("id with a slash", () -> enrollInto("../c", ANNA));
    refuse("unknown collection to enroll", () -> enrollInto("nowhere", ANNA));
    refuse("unknown collection to search", () -> search("nowhere", ANNA));
    refuse("collection of another tenant's name", () -> search("default.c", ANNA));
    refuse(
        "unknown face",
        () ->
            gateway
                .faces()
                .getFace(
                    GetFaceRequest.newBuilder().setCollectionId("c").setFaceId("nobody").build()));
    refuse(
        "unknown face to delete",
        () ->
            gateway
                .faces()
                .deleteFace(
                    DeleteFaceRequest.newBuilder()
                        .setCollectionId("c")
                        .setFaceId("nobody")
                        .build()));
    refuse(
        "unknown subject",
        () ->
            gateway
                .faces()
                .getSubject(
                    GetSubjectRequest.newBuilder()
                        .setCollectionId("c")
                        .setSubjectId("nobody")
                        .build()));
    refuse(
        "unknown subject to verify",
        () ->
            gateway
                .faces()
                .verify(
                    VerifyRequest.newBuilder()
                        .setCollectionId("c")
                        .setProbe(ANNA)
                        .setSubjectId("nobody")
                        .build()));
    refuse(
        "nothing to verify against",
        () -> gateway.faces().verify(VerifyRequest.newBuilder().setProbe(ANNA).build()));
    refuse(
        "unknown subject to delete",
        () ->
            gateway
                .faces()
                .deleteSubject(
                    DeleteSubjectRequest.newBuilder()
                        .setCollectionId("c")
                        .setSubjectId("nobody")
                        .build()));
    refuse(
        "unknown model",
        () ->
            gateway
                .collections()
                .createCollection(
                    CreateCollectionRequest.newBuilder().setModel("nothing").build()));
    for (String name : List.of("../x", "a\0b", "/etc/passwd", "fake-a@../1")) {
      String shown = name.replace("\0", "NUL");
      refuse(
          "m14 model " + shown,
          () ->
              gateway
                  .collections()
                  .createCollection(CreateCollectionRequest.newBuilder().setModel(name).build()));
      refuse(
          "m14 model " + shown + " to embed",
          () ->
              gateway
                  .faces()
                  .embed(
                      EmbedRequest.newBuilder()
                          .setCrop(crop("anna").getCrop())
                          .setModel(name)
                          .build()));
      refuse(
          "m14 detector " + shown,
          () ->
              gateway
                  .faces()
                  .detect(
                      DetectRequest.newBuilder()
                          .setImage(Answers.image("anna"))
                          .setOptions(DetectionOptions.newBuilder().setDetector(name))
                          .build()));
    }
    refuse(
        "collection twice",
        () ->
            gateway
                .collections()
                .createCollection(
                    CreateCollectionRequest.newBuilder().setCollectionId("c").build()));
    refuse(
        "unknown collection to drop",
        () ->
            gateway
                .collections()
                .dropCollection(
                    DropCollectionRequest.newBuilder().setCollectionId("nowhere").build()));
  }

  private void ranges() {
    SearchRequest search = SearchRequest.newBuilder().setCollectionId("c").setProbe(ANNA).build();
    refuse("top_k 0", () -> gateway.faces().search(search.toBuilder().setTopK(0).build()));
    refuse("top_k 1001", () -> gateway.faces().search(search.toBuilder().setTopK(1001).build()));
    refuse("top_k 2^32-1", () -> gateway.faces().search(search.toBuilder().setTopK(-1).build()));
    refuse(
        "distance beyond 4",
        () -> gateway.faces().search(search.toBuilder().setMaxSquaredDistance(4.1f).build()));
    refuse(
        "distance NaN",
        () -> gateway.faces().search(search.toBuilder().setMaxSquaredDistance(Float.NaN).build()));
    IdentifyRequest identify =
        IdentifyRequest.newBuilder().setCollectionId("c").setProbe(ANNA).build();
    refuse(
        "threshold, margin and candidates",
        () ->
            gateway
                .faces()
                .identify(
                    identify.toBuilder()
                        .setThreshold(-1)
                        .setAmbiguityMargin(5)
                        .setMaxCandidates(101)
                        .build()));
    refuse(
        "metadata with NaN",
        () ->
            gateway
                .faces()
                .enroll(
                    enroll("c", "ada", ANNA).toBuilder()
                        .setMetadata(metadata(Value.newBuilder().setNumberValue(Double.NaN)))
                        .build()));
    refuse(
        "metadata of 17 KiB",
        () ->
            gateway
                .faces()
                .enroll(
                    enroll("c", "ada", ANNA).toBuilder()
                        .setMetadata(
                            metadata(Value.newBuilder().setStringValue("x".repeat(17 * 1024))))
                        .build()));
    refuse(
        "threshold of a collection",
        () ->
            gateway
                .collections()
                .createCollection(
                    CreateCollectionRequest.newBuilder().setMatchThreshold(4.5f).build()));
  }

  private void listings() {
    for (String token : new String[] {"garbage", "%%%", "MDoxMg", "AAAA"}) {
      refuse(
          "page token " + token,
          () ->
              gateway
                  .faces()
                  .listFaces(
                      ListFacesRequest.newBuilder()
                          .setCollectionId("c")
                          .setPageToken(token)
                          .build()));
    }
    refuse(
        "page token of subjects",
        () ->
            gateway
                .faces()
                .listSubjects(
                    ListSubjectsRequest.newBuilder()
                        .setCollectionId("c")
                        .setPageToken("garbage")
                        .build()));
    refuse(
        "page of 1001",
        () ->
            gateway
                .collections()
                .listCollections(ListCollectionsRequest.newBuilder().setPageSize(1001).build()));
    refuse(
        "unknown field to read",
        () ->
            gateway
                .faces()
                .getFace(
                    GetFaceRequest.newBuilder()
                        .setCollectionId("c")
                        .setFaceId("f")
                        .setReadMask(FieldMask.newBuilder().addPaths("secret"))
                        .build()));
  }

  private void changes() {
    refuse(
        "change of nothing",
        () ->
            gateway
                .faces()
                .updateSubject(
                    UpdateSubjectRequest.newBuilder()
                        .setSubject(Subject.newBuilder().setCollectionId("c").setSubjectId("ada"))
                        .build()));
    refuse(
        "change of what does not change",
        () ->
            gateway
                .faces()
                .updateSubject(
                    UpdateSubjectRequest.newBuilder()
                        .setSubject(Subject.newBuilder().setCollectionId("c").setSubjectId("ada"))
                        .setUpdateMask(FieldMask.newBuilder().addPaths("face_count"))
                        .build()));
    refuse(
        "merge into itself",
        () ->
            gateway
                .faces()
                .mergeSubjects(
                    MergeSubjectsRequest.newBuilder()
                        .setCollectionId("c")
                        .setFromSubjectId("ada")
                        .setIntoSubjectId("ada")
                        .build()));
    refuse(
        "merge of nobody",
        () ->
            gateway
                .faces()
                .mergeSubjects(
                    MergeSubjectsRequest.newBuilder()
                        .setCollectionId("c")
                        .setFromSubjectId("nobody")
                        .setIntoSubjectId("ada")
                        .build()));
  }

  private void unbuilt() {
    refuse(
        "long job",
        () ->
            gateway
                .collections()
                .clusterCollection(
                    ClusterCollectionRequest.newBuilder().setCollectionId("c").build()));
    refuse("erasure", () -> gateway.faces().eraseSubject(EraseSubjectRequest.getDefaultInstance()));
    refuse(
        "tenant",
        () ->
            gateway
                .admin()
                .createTenant(CreateTenantRequest.newBuilder().setTenantId("a b").build()));
    refuse(
        "operation without an id",
        () ->
            OperationServiceGrpc.newBlockingStub(gateway.channel())
                .getOperation(GetOperationRequest.getDefaultInstance()));
  }

  private void refuse(String name, Runnable call) {
    calls.put(name, call);
  }

  private void search(Probe probe) {
    search("c", probe);
  }

  private void search(String collection, Probe probe) {
    var _ =
        gateway
            .faces()
            .search(SearchRequest.newBuilder().setCollectionId(collection).setProbe(probe).build());
  }

  private void verify(Probe probe, Probe other) {
    var _ =
        gateway.faces().verify(VerifyRequest.newBuilder().setProbe(probe).setOther(other).build());
  }

  private void enrollInto(String collection, Probe probe) {
    var _ = gateway.faces().enroll(enroll(collection, "ada", probe));
  }

  private static DetectionOptions choice(FaceChoice choice) {
    return DetectionOptions.newBuilder().setChoice(choice).build();
  }

  private static Struct metadata(Value.Builder value) {
    return Struct.newBuilder().putFields("key", value.build()).build();
  }

  private static Probe cut(Probe crop, int bytes) {
    return Probe.newBuilder()
        .setCrop(crop.getCrop().toBuilder().setRgb(crop.getCrop().getRgb().substring(0, bytes)))
        .build();
  }

  private static Probe altered(float first) {
    ModelVector vector = vector("anna").getVector();
    return Probe.newBuilder()
        .setVector(vector.toBuilder().setVector(vector.getVector().toBuilder().setValues(0, first)))
        .build();
  }

  private static Probe foreign() {
    return Probe.newBuilder()
        .setVector(
            vector("anna").getVector().toBuilder()
                .setModel(FakeEmbedder.model("fake-b", false).getId()))
        .build();
  }

  private static String golden() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(BadInputTest.class.getResourceAsStream("bad-input.txt"))) {
      return new String(file.readAllBytes(), UTF_8);
    }
  }
}
