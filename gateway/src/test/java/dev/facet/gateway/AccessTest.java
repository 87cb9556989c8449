package dev.facet.gateway;

import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.face;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static dev.facet.proto.v1.Scope.SCOPE_ADMIN;
import static dev.facet.proto.v1.Scope.SCOPE_DELETE;
import static dev.facet.proto.v1.Scope.SCOPE_DETECT;
import static dev.facet.proto.v1.Scope.SCOPE_ENROLL;
import static dev.facet.proto.v1.Scope.SCOPE_SEARCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.facet.bootstrap.Settings;
import dev.facet.bootstrap.SettingsException;
import dev.facet.gateway.access.KeySecret;
import dev.facet.gateway.access.NoKeyException;
import dev.facet.gateway.testing.TcpProxy;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.ApiKey;
import dev.facet.proto.v1.AuditRecord;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CreateApiKeyRequest;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.CreateTenantRequest;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.DeleteTenantRequest;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.GetCollectionRequest;
import dev.facet.proto.v1.GetFaceRequest;
import dev.facet.proto.v1.GetSubjectRequest;
import dev.facet.proto.v1.ListApiKeysRequest;
import dev.facet.proto.v1.ListAuditRecordsRequest;
import dev.facet.proto.v1.ListCollectionsRequest;
import dev.facet.proto.v1.ListTenantsRequest;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.Quota;
import dev.facet.proto.v1.RevokeApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyRequest;
import dev.facet.proto.v1.RotateApiKeyResponse;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.VerifyRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what at a gateway that demands keys. */
class AccessTest {
  private static final FakeServices SERVICES = new FakeServices();

  @TempDir static Path folder;

  private static String firstKey = "";
  private static TestGateway gateway;
  private static KeyHolder operator;

  @BeforeAll
  static void start() throws Exception {
    firstKey = KeySecret.fresh().reveal();
    Files.writeString(folder.resolve("admin.key"), firstKey + "\n");
    gateway = closed(folder.resolve("data"));
    operator = KeyHolder.of(gateway.channel(), firstKey);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    SERVICES.close();
  }

  private static TestGateway closed(Path data) {
    return TestGateway.ready(
        data,
        SERVICES,
        "access.mode=keys",
        "access.initial-key-file=" + folder.resolve("admin.key"));
  }

  private static void denied(Runnable call) {
    Answers.Refused refused = refused(call);
    assertThat(refused.code()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(refused.reason()).isEqualTo("PERMISSION_DENIED");
  }

  private static void unknown(KeyHolder caller) {
    assertThat(refused(() -> detect(caller)))
        .isEqualTo(refused(() -> detect(KeyHolder.of(gateway.channel(), "nonsense"))))
        .extracting(Answers.Refused::code, Answers.Refused::reason)
        .containsExactly(Code.UNAUTHENTICATED, "UNAUTHENTICATED");
  }

  private static void detect(KeyHolder caller) {
    assertThat(
            caller
                .faces()
                .detect(DetectRequest.newBuilder().setImage(Answers.image("anna")).build())
                .getFacesCount())
        .isEqualTo(1);
  }

  private static void newCollection(KeyHolder caller, String id) {
    var _ =
        caller
            .collections()
            .createCollection(CreateCollectionRequest.newBuilder().setCollectionId(id).build());
  }

  @Test
  void keysThatAreNotValidLookAlike() throws Exception {
    int detections = SERVICES.detector().detections.get();
    KeyHolder expiring =
        KeyHolder.of(
            gateway.channel(),
            operator
                .admin()
                .createApiKey(
                    CreateApiKeyRequest.newBuilder()
                        .addScopes(SCOPE_DETECT)
                        .setExpireTime(
                            Timestamp.newBuilder().setSeconds(Instant.now().getEpochSecond() + 2))
                        .build())
                .getSecret());
    detect(expiring);
    KeyHolder revoked = operator.holder("default", SCOPE_DETECT);
    detect(revoked);
    var _ =
        operator
            .admin()
            .revokeApiKey(RevokeApiKeyRequest.newBuilder().setKeyId(revoked.keyId()).build());
    TimeUnit.MILLISECONDS.sleep(2_100); // as long as the promise, and the other's life
    unknown(revoked);
    unknown(expiring);
    unknown(KeyHolder.of(gateway.channel(), KeySecret.fresh().reveal()));
    String wrongSecret =
        "facet_%s_%s"
            .formatted(
                operator.keyId(),
                KeySecret.fresh().reveal().substring("facet_0123456789abcdef_".length()));
    unknown(KeyHolder.of(gateway.channel(), wrongSecret));
    assertThat(refused(() -> gateway.faces().detect(DetectRequest.getDefaultInstance())))
        .extracting(Answers.Refused::code)
        .isEqualTo(Code.UNAUTHENTICATED);
    assertThat(SERVICES.detector().detections.get()).isEqualTo(detections + 2);
  }

  @Test
  void healthNeedsNoKey() {
    assertThat(gateway.health("readiness").name()).isEqualTo("SERVING");
  }

  @Test
  void aScopeThatIsMissingIsDenied() {
    KeyHolder watcher = operator.holder("default", SCOPE_DETECT);
    detect(watcher);
    denied(() -> watcher.faces().enroll(enroll("c", "ada", picture("ada"))));
    denied(() -> watcher.faces().search(SearchRequest.getDefaultInstance()));
    denied(
        () -> watcher.collections().listCollections(ListCollectionsRequest.getDefaultInstance()));
    denied(() -> watcher.admin().listApiKeys(ListApiKeysRequest.getDefaultInstance()));
    denied(
        () -> watcher.collections().checkCollection(CheckCollectionRequest.getDefaultInstance()));
  }

  /** V13, with the other tenant's own ids and vectors. */
  @Test
  void anotherTenantsFacesAreNotThere() {
    KeyHolder acme = operator.tenant("acme");
    KeyHolder rival = operator.tenant("rival");
    newCollection(acme, "people");
    String faceId =
        acme.faces()
            .enroll(enroll("people", "ada", picture("ada")))
            .getFaces(0)
            .getFace()
            .getFaceId();

    Answers.Refused absent = refused(() -> collection(rival, "nothing"));
    Answers.Refused foreign = refused(() -> collection(rival, "people"));
    assertThat(foreign.reason()).isEqualTo(absent.reason()).isEqualTo("COLLECTION_NOT_FOUND");
    assertThat(foreign.message()).isEqualTo(absent.message());
    assertThat(
            rival
                .collections()
                .listCollections(ListCollectionsRequest.getDefaultInstance())
                .getCollectionsList())
        .isEmpty();

    newCollection(rival, "people"); // of the same name, and another
    SearchRequest search =
        SearchRequest.newBuilder()
            .setCollectionId("people")
            .setProbe(vector("ada"))
            .setTopK(10)
            .setMaxSquaredDistance(4)
            .build();
    assertThat(acme.faces().search(search).getResults(0).getMatchesList()).isNotEmpty();
    assertThat(rival.faces().search(search).getResults(0).getMatchesList()).isEmpty();

    for (String id : List.of(faceId, "never-was")) {
      assertThat(
              refused(
                  () ->
                      rival
                          .faces()
                          .getFace(
                              GetFaceRequest.newBuilder()
                                  .setCollectionId("people")
                                  .setFaceId(id)
                                  .build())))
          .extracting(Answers.Refused::reason, Answers.Refused::message)
          .containsExactly("FACE_NOT_FOUND", "there is no such face");
      assertThat(
              refused(
                      () ->
                          rival
                              .faces()
                              .deleteFace(
                                  DeleteFaceRequest.newBuilder()
                                      .setCollectionId("people")
                                      .setFaceId(id)
                                      .build()))
                  .reason())
          .isEqualTo("FACE_NOT_FOUND");
      assertThat(
              refused(
                      () ->
                          rival
                              .faces()
                              .verify(
                                  VerifyRequest.newBuilder()
                                      .setCollectionId("people")
                                      .setProbe(face(id))
                                      .setOther(vector("ada"))
                                      .build()))
                  .reason())
          .isEqualTo("FACE_NOT_FOUND");
    }
    assertThat(
            refused(
                    () ->
                        rival
                            .faces()
                            .getSubject(
                                GetSubjectRequest.newBuilder()
                                    .setCollectionId("people")
                                    .setSubjectId("ada")
                                    .build()))
                .reason())
        .isEqualTo("SUBJECT_NOT_FOUND");
    assertThat(acme.faces().search(search).getResults(0).getMatches(0).getFaceId())
        .isEqualTo(faceId);
  }

  private static void collection(KeyHolder caller, String id) {
    var _ =
        caller
            .collections()
            .getCollection(GetCollectionRequest.newBuilder().setCollectionId(id).build());
  }

  /** G46, CVE-2026-23896: there is no way from a key to one that may do more. */
  @Test
  void aKeyMakesNoneThatMayDoMore() {
    KeyHolder chief = operator.tenant("steady");
    KeyHolder clerk = chief.holder("steady", SCOPE_ADMIN, SCOPE_DETECT);
    denied(() -> clerk.holder("steady", SCOPE_ENROLL));
    denied(() -> clerk.holder("", SCOPE_ADMIN, SCOPE_SEARCH));
    denied(() -> rotate(clerk, "steady", chief.keyId())); // wider than the one who asks
    detect(clerk.holder("steady", SCOPE_DETECT));

    KeyHolder short_ =
        KeyHolder.of(
            gateway.channel(),
            chief
                .admin()
                .createApiKey(
                    CreateApiKeyRequest.newBuilder()
                        .addScopes(SCOPE_ADMIN)
                        .setExpireTime(inAnHour(0))
                        .setQuota(Quota.newBuilder().setCallsPerSecond(50).setConcurrentCalls(5))
                        .build())
                .getSecret());
    denied(
        () ->
            create(
                short_,
                inAnHour(1),
                Quota.newBuilder().setCallsPerSecond(1).setConcurrentCalls(1).build()));
    denied(() -> create(short_, inAnHour(0), Quota.getDefaultInstance()));
    denied(
        () ->
            create(
                short_,
                inAnHour(0),
                Quota.newBuilder().setCallsPerSecond(51).setConcurrentCalls(5).build()));
    ApiKey heir =
        short_
            .admin()
            .createApiKey(CreateApiKeyRequest.newBuilder().addScopes(SCOPE_ADMIN).build())
            .getKey();
    assertThat(heir.getExpireTime()).isEqualTo(inAnHour(0));
    assertThat(heir.getQuota().getCallsPerSecond()).isEqualTo(50);
    // Its own rotation is no longer life either.
    assertThat(rotate(short_, "", short_.keyId()).getKey().getExpireTime()).isEqualTo(inAnHour(0));
  }

  private final long now = Instant.now().getEpochSecond();

  private Timestamp inAnHour(int more) {
    return Timestamp.newBuilder().setSeconds(now + 3600 + more).build();
  }

  private static void create(KeyHolder maker, Timestamp expires, Quota quota) {
    var _ =
        maker
            .admin()
            .createApiKey(
                CreateApiKeyRequest.newBuilder()
                    .addScopes(SCOPE_ADMIN)
                    .setExpireTime(expires)
                    .setQuota(quota)
                    .build());
  }

  private static RotateApiKeyResponse rotate(KeyHolder caller, String tenant, String keyId) {
    return caller
        .admin()
        .rotateApiKey(RotateApiKeyRequest.newBuilder().setTenantId(tenant).setKeyId(keyId).build());
  }

  @Test
  void administratorsOfATenantAreNotOperators() {
    KeyHolder chief = operator.tenant("small");
    denied(() -> chief.admin().createTenant(CreateTenantRequest.getDefaultInstance()));
    denied(() -> chief.admin().listTenants(ListTenantsRequest.getDefaultInstance()));
    denied(
        () ->
            chief
                .admin()
                .deleteTenant(DeleteTenantRequest.newBuilder().setTenantId("small").build()));
    denied(() -> chief.admin().moveGallery(MoveGalleryRequest.getDefaultInstance()));
    for (String other : List.of("default", "never-was")) {
      assertThat(refused(() -> chief.holder(other, SCOPE_ADMIN)).reason())
          .isEqualTo("TENANT_NOT_FOUND");
      assertThat(refused(() -> rotate(chief, other, operator.keyId())).reason())
          .isEqualTo("TENANT_NOT_FOUND");
    }
    assertThat(refused(() -> rotate(chief, "", operator.keyId())).reason())
        .isEqualTo("API_KEY_NOT_FOUND");
    denied(
        () ->
            operator
                .admin()
                .deleteTenant(DeleteTenantRequest.newBuilder().setTenantId("default").build()));
  }

  @Test
  void aDeletedTenantIsGoneWithItsKeysAndFaces() throws Exception {
    KeyHolder chief = operator.tenant("passing");
    newCollection(chief, "people");
    var _ = chief.faces().enroll(enroll("people", "ada", picture("ada")));
    var _ =
        operator
            .admin()
            .deleteTenant(DeleteTenantRequest.newBuilder().setTenantId("passing").build());
    TimeUnit.MILLISECONDS.sleep(1_100);
    unknown(chief);
    KeyHolder next = operator.tenant("passing");
    assertThat(
            next.admin()
                .listAuditRecords(ListAuditRecordsRequest.getDefaultInstance())
                .getRecordsList())
        .isEmpty(); // what the one before did is not for the next to read
    assertThat(
            next.collections()
                .listCollections(ListCollectionsRequest.getDefaultInstance())
                .getCollectionsList())
        .isEmpty();
  }

  @Test
  void bothKeysOpenTheDoorWhileARotationOverlaps() throws Exception {
    KeyHolder old = operator.holder("default", SCOPE_DETECT);
    RotateApiKeyResponse rotated =
        operator
            .admin()
            .rotateApiKey(
                RotateApiKeyRequest.newBuilder()
                    .setKeyId(old.keyId())
                    .setOverlap(Duration.newBuilder().setSeconds(3))
                    .build());
    assertThat(rotated.getKey().getScopesList()).containsExactly(SCOPE_DETECT);
    assertThat(rotated.getReplaced().hasExpireTime()).isTrue();
    detect(old);
    detect(KeyHolder.of(gateway.channel(), rotated.getSecret()));
    TimeUnit.MILLISECONDS.sleep(3_200);
    unknown(old);
    detect(KeyHolder.of(gateway.channel(), rotated.getSecret()));
    assertThat(refused(() -> rotate(operator, "", old.keyId())).reason())
        .isEqualTo("API_KEY_NOT_FOUND");
  }

  @Test
  void badRequestsAreTold() {
    assertThat(
            refused(
                    () ->
                        operator
                            .admin()
                            .createApiKey(
                                CreateApiKeyRequest.newBuilder()
                                    .addScopesValue(99)
                                    .setExpireTime(Timestamp.newBuilder().setSeconds(5))
                                    .setQuota(Quota.newBuilder().setCallsPerSecond(-1))
                                    .build()))
                .fields())
        .containsExactly("scopes", "quota.calls_per_second", "expire_time");
    var _ = operator.tenant("twice");
    assertThat(refused(() -> operator.tenant("twice")).code()).isEqualTo(Code.ALREADY_EXISTS);
  }

  /** G45: what is refused for its key is not taken in. */
  @Test
  void aLargeBodyWithoutAValidKeyIsNotRead() throws Exception {
    try (TcpProxy proxy = new TcpProxy(gateway.port())) {
      ManagedChannel channel =
          Grpc.newChannelBuilder("127.0.0.1:" + proxy.port(), InsecureChannelCredentials.create())
              .build();
      try {
        DetectRequest large =
            DetectRequest.newBuilder()
                .setImage(Image.newBuilder().setData(ByteString.copyFrom(new byte[10 << 20])))
                .build();
        KeyHolder stranger = KeyHolder.of(channel, KeySecret.fresh().reveal());
        assertThat(refused(() -> stranger.faces().detect(large)))
            .extracting(Answers.Refused::code)
            .isEqualTo(Code.UNAUTHENTICATED);
        // HTTP/2 lets a client send its first window unasked: 1 MiB.
        assertThat(proxy.bytesToServer()).isLessThan(2 << 20);
        assertThat(gateway.metrics()).containsPattern("facet_requests_bytes\\{[^}]*} 0\\.0\n");
      } finally {
        channel.shutdownNow();
      }
    }
  }

  @Test
  void aKeyOverItsQuotaIsToldWhenToComeAgain() {
    KeyHolder eager =
        operator.holder(
            "default",
            Quota.newBuilder().setCallsPerSecond(0.01).setBurst(2).build(),
            SCOPE_DETECT);
    detect(eager);
    detect(eager);
    Answers.Refused refused = refused(() -> detect(eager));
    assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refused.reason()).isEqualTo("QUOTA");
    detect(operator); // whose quota it is not
  }

  @Test
  void whatIsDoneIsRecordedOnceAndWithoutPictures() {
    KeyHolder chief = operator.tenant("recorded");
    newCollection(chief, "people");
    String faceId =
        chief
            .faces()
            .enroll(enroll("people", "ada", picture("ada")))
            .getFaces(0)
            .getFace()
            .getFaceId();
    var _ = chief.faces().enroll(enroll("people", "ada", picture("ada"))); // a replay
    var _ =
        chief
            .faces()
            .deleteFace(
                DeleteFaceRequest.newBuilder().setCollectionId("people").setFaceId(faceId).build());
    List<AuditRecord> own =
        chief
            .admin()
            .listAuditRecords(ListAuditRecordsRequest.getDefaultInstance())
            .getRecordsList();
    assertThat(own)
        .extracting(AuditRecord::getAction)
        .containsExactly("CreateCollection", "Enroll", "DeleteFace");
    assertThat(own.get(1).getObjects()).isEqualTo("collection:people subject:ada face:" + faceId);
    assertThat(own).allMatch(record -> record.getKeyId().equals(chief.keyId()));
    assertThat(
            operator
                .admin()
                .listAuditRecords(ListAuditRecordsRequest.newBuilder().setPageSize(1000).build())
                .getRecordsList())
        .extracting(AuditRecord::getAction)
        .contains("CreateTenant", "CreateApiKey");
  }

  @Test
  void aScopeEachFitsItsCalls() {
    KeyHolder chief = operator.tenant("scoped");
    KeyHolder writer = chief.holder("", SCOPE_ENROLL);
    KeyHolder reader = chief.holder("", SCOPE_SEARCH);
    KeyHolder remover = chief.holder("", SCOPE_DELETE);
    newCollection(writer, "people");
    String faceId =
        writer
            .faces()
            .enroll(enroll("people", "ada", picture("ada")))
            .getFaces(0)
            .getFace()
            .getFaceId();
    assertThat(
            reader
                .faces()
                .search(
                    SearchRequest.newBuilder()
                        .setCollectionId("people")
                        .setProbe(picture("ada"))
                        .build())
                .getResults(0)
                .getMatchesCount())
        .isEqualTo(1);
    DeleteFaceRequest delete =
        DeleteFaceRequest.newBuilder().setCollectionId("people").setFaceId(faceId).build();
    denied(() -> writer.faces().deleteFace(delete));
    denied(() -> reader.faces().deleteFace(delete));
    assertThat(remover.faces().deleteFace(delete).hasHideTime()).isTrue();
  }

  /** G47. */
  @Test
  void anOpenDoorIsRefusedOutsideLoopback() {
    assertThatThrownBy(() -> Settings.load(GatewaySettings.class, "grpc.host=0.0.0.0"))
        .isInstanceOf(SettingsException.class);
  }

  @Test
  void aClosedDoorWithoutAnyKeyDoesNotStart(@TempDir Path empty) throws Exception {
    GatewaySettings settings =
        Settings.load(
            GatewaySettings.class,
            "grpc.port=0",
            "admin.port=0",
            "data.directory=" + empty.resolve("data"),
            "access.mode=keys");
    assertThatThrownBy(() -> GatewayMain.run(settings, _ -> {}))
        .isInstanceOf(NoKeyException.class)
        .hasMessageContaining("access.initial-key-file");
  }

  @Test
  void aFirstKeyThatWasRevokedIsNotTakenAgain(@TempDir Path data) throws Exception {
    try (TestGateway first = closed(data)) {
      KeyHolder chief = KeyHolder.of(first.channel(), firstKey);
      var _ =
          chief
              .admin()
              .revokeApiKey(RevokeApiKeyRequest.newBuilder().setKeyId(chief.keyId()).build());
    }
    assertThatThrownBy(
            () ->
                GatewayMain.run(
                    Settings.load(
                        GatewaySettings.class,
                        "grpc.port=0",
                        "admin.port=0",
                        "data.directory=" + data,
                        "access.mode=keys",
                        "access.initial-key-file=" + folder.resolve("admin.key")),
                    _ -> {}))
        .isInstanceOf(NoKeyException.class)
        .hasMessageContaining("revoked");
  }
}
