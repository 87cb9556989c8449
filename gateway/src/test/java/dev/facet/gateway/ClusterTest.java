package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.facet.gateway.archive.S3Settings;
import dev.facet.gateway.ledger.PostgresSettings;
import dev.facet.gateway.register.RegisterLoad;
import dev.facet.gateway.testing.MilvusServer;
import dev.facet.gateway.testing.PostgresServer;
import dev.facet.gateway.testing.S3Server;
import dev.facet.proto.v1.CheckCollectionRequest;
import dev.facet.proto.v1.CheckReport;
import dev.facet.proto.v1.ConfirmRebuildRequest;
import dev.facet.proto.v1.Consistency;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.GalleryKind;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.ListFacesResponse;
import dev.facet.proto.v1.MoveGalleryRequest;
import dev.facet.proto.v1.MoveReport;
import dev.facet.proto.v1.Operation;
import dev.facet.proto.v1.OperationState;
import dev.facet.proto.v1.RebuildGalleryRequest;
import dev.facet.proto.v1.RebuildReport;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.WatchOperationRequest;
import dev.facet.proto.v1.WatchOperationResponse;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Two gateways as processes on one PostgreSQL, one Milvus and one S3, all real, all killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Order(1) // of all classes: it takes longest
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("ClusterTest.gateways") // one test after the other
class ClusterTest {
  private static final int FACES = 2_000;
  private static final String PEOPLE = "people";
  private static final String REGISTERS = "registers";

  private static final int SEARCHED = 200;

  private final FakeServices services = new FakeServices();
  private PostgresServer postgres;
  private MilvusServer milvus;
  private List<GatewayProcess> gateways = List.of();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    milvus = MilvusServer.shared();
    S3Settings s3 = S3Server.shared().bucket("cluster" + System.nanoTime());
    postgres = PostgresServer.start(folder, 0);
    PostgresSettings database = postgres.database();
    services
        .embedder()
        .models
        .add(
            FakeEmbedder.model(GatewayRegister.MODEL, false).toBuilder()
                .setDimension(GatewayRegister.DIMENSION)
                .build());
    List<String> settings =
        List.of(
            "backend.detector=127.0.0.1:" + services.port(),
            "backend.embedder=127.0.0.1:" + services.port(),
            "postgres.url=" + database.url(),
            "postgres.user=" + database.user(),
            "milvus.server.uri=" + milvus.uri(),
            "milvus.server.prefix=cluster" + System.nanoTime(),
            "milvus.tail.age=3s",
            "milvus.tail.grace=2s",
            "s3.endpoint=" + s3.endpoint().orElseThrow(),
            "s3.bucket=" + s3.bucket().orElseThrow(),
            "s3.access-key=" + s3.accessKey().orElseThrow(),
            "s3.secret-key=" + s3.secretKey().orElseThrow(),
            "s3.create-bucket=true");
    GatewayProcess one = GatewayProcess.start(folder.resolve("one"), settings);
    gateways = List.of(one, GatewayProcess.start(folder.resolve("two"), settings));
    create(PEOPLE, "");
    create(REGISTERS, GatewayRegister.MODEL);
  }

  @AfterAll
  void stop() {
    gateways.forEach(GatewayProcess::close);
    if (postgres != null) {
      postgres.close();
    }
    services.close();
  }

  private void create(String collection, String model) {
    var _ =
        gateways
            .getFirst()
            .collections()
            .createCollection(
                CreateCollectionRequest.newBuilder()
                    .setCollectionId(collection)
                    .setModel(model)
                    .build());
  }

  private static Optional<String> found(GatewayProcess gateway, String person) {
    return gateway
        .faces()
        .search(
            SearchRequest.newBuilder()
                .setCollectionId(PEOPLE)
                .setProbe(Answers.vector(person))
                .setMaxSquaredDistance(1e-4f)
                .setConsistency(Consistency.CONSISTENCY_FRESH)
                .build())
        .getResults(0)
        .getMatchesList()
        .stream()
        .map(match -> match.getFaceId())
        .findFirst();
  }

  private static String enrolled(GatewayProcess gateway, String person) {
    return gateway
        .faces()
        .enroll(Answers.enroll(PEOPLE, "subject-" + person, Answers.picture(person)))
        .getFaces(0)
        .getFace()
        .getFaceId();
  }

  /** V01. */
  @Test
  @Order(1)
  void whatOneEnrolsTheOtherFindsAtOnce() {
    for (int i = 0; i < 20; i++) {
      String person = "anna" + i;
      String faceId = enrolled(gateways.get(i % 2), person);
      assertThat(found(gateways.get(1 - i % 2), person)).contains(faceId);
    }
  }

  /** V07: twenty seconds, with the gateways killed in turn. */
  @Test
  @Order(2)
  void everyReadIsExplainedWhileGatewaysAreKilled() throws Exception {
    registers(Duration.ofSeconds(20), Duration.ofSeconds(6));
  }

  /** V07: ten minutes. */
  @Test
  @Order(3)
  @Tag("faults")
  void everyReadIsExplainedForTenMinutes() throws Exception {
    registers(Duration.ofMinutes(10), Duration.ofSeconds(20));
  }

  private void registers(Duration time, Duration between) throws Exception {
    long seed = System.nanoTime();
    System.out.println("ClusterTest: seed " + seed);
    long end = System.nanoTime() + time.toNanos();
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    int next = 0;
                    Thread.sleep(between);
                    while (System.nanoTime() < end - between.toNanos()) {
                      GatewayProcess gateway = gateways.get(next++ % 2);
                      gateway.kill();
                      gateway.restart();
                      Thread.sleep(between);
                    }
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
    RegisterLoad.Report report =
        new RegisterLoad(
                List.of(
                    new GatewayRegister(gateways.get(0), REGISTERS),
                    new GatewayRegister(gateways.get(1), REGISTERS)),
                "r" + seed + "-")
            .run(time, seed);
    killer.join();
    System.out.printf(
        "ClusterTest: %d steps on %d ids, %d of unknown end%n",
        report.steps(), report.ids(), report.unknown());
    assertThat(report.steps()).isGreaterThan(100);
    assertThat(report.faults()).isEmpty();
  }

  /** V04, V05: in the middle of it PostgreSQL is killed, and a gateway. */
  @Test
  @Order(4)
  void everyAcknowledgedFaceIsThereOnceAfterKills() throws Exception {
    bulk("bulk", false);
  }

  /** The same with Milvus, which takes minutes to come back. */
  @Test
  @Order(5)
  @Tag("faults")
  void everyAcknowledgedFaceIsThereOnceAfterMilvusWasKilled() throws Exception {
    milvus.assumeOurs();
    bulk("more", true);
  }

  private void bulk(String prefix, boolean killMilvus) throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService clients = Executors.newFixedThreadPool(9)) {
      Future<Void> killer = clients.submit(() -> kill(acknowledged, killMilvus));
      List<Callable<Void>> loops = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        GatewayProcess gateway = gateways.get(client % 2);
        loops.add(
            () -> {
              for (int i = next.getAndIncrement(); i < FACES; i = next.getAndIncrement()) {
                acknowledged.add(insistently(gateway, prefix + i));
              }
              return null;
            });
      }
      for (Future<Void> loop : clients.invokeAll(loops)) {
        loop.get();
      }
      killer.get();
    }
    for (GatewayProcess gateway : gateways) {
      gateway.awaitReady();
      assertThat(foundInsistently(gateway, prefix + 0)).isPresent();
    }
    assertThat(acknowledged).hasSize(FACES);
    assertThat(listed()).containsAll(acknowledged).doesNotHaveDuplicates();
    for (GatewayProcess gateway : gateways) {
      requireNothingFound(check(gateway));
    }
  }

  /** At a third and at two thirds of the faces. */
  private @Nullable Void kill(Set<String> acknowledged, boolean killMilvus) throws Exception {
    await(acknowledged, FACES / 3);
    postgres.kill();
    Thread.sleep(500);
    postgres.restart();
    if (killMilvus) {
      milvus.kill();
      milvus.restart();
    }
    await(acknowledged, 2 * FACES / 3);
    gateways.get(1).kill();
    gateways.get(1).restart();
    return null;
  }

  private static void await(Set<String> acknowledged, int many) throws InterruptedException {
    while (acknowledged.size() < many) {
      Thread.sleep(10);
    }
  }

  /** An enrolment that failed is sent again, as clients do; it is the same face. */
  private static String insistently(GatewayProcess gateway, String person)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (true) {
      try {
        return enrolled(gateway, person);
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  /** A Milvus that was killed says that it is well minutes before it has its collections again. */
  private static Optional<String> foundInsistently(GatewayProcess gateway, String person)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(8).toNanos();
    while (true) {
      try {
        return found(gateway, person);
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
  }

  private List<String> listed() {
    List<String> ids = new ArrayList<>();
    String token = "";
    do {
      ListFacesResponse page =
          gateways
              .getFirst()
              .faces()
              .listFaces(
                  ListFacesRequest.newBuilder()
                      .setCollectionId(PEOPLE)
                      .setPageSize(1_000)
                      .setPageToken(token)
                      .build());
      page.getFacesList().forEach(face -> ids.add(face.getFaceId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return ids;
  }

  /** V14: the index changes places four times, while both gateways enrol and settle. */
  @Test
  @Order(6)
  void indexesChangePlacesWhileBothGatewaysEnrolAndSettle() throws Exception {
    Map<String, String> acknowledged = new ConcurrentHashMap<>();
    AtomicBoolean enough = new AtomicBoolean();
    try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
      List<Future<Void>> loops = new ArrayList<>();
      for (int client = 0; client < 2; client++) {
        GatewayProcess gateway = gateways.get(client);
        String prefix = "during" + client + "-";
        loops.add(
            clients.submit(
                () -> {
                  for (int i = 0; !enough.get(); i++) {
                    acknowledged.put(prefix + i, insistently(gateway, prefix + i));
                  }
                  return null;
                }));
      }
      try {
        for (boolean keepNew : new boolean[] {false, true}) {
          RebuildReport report = rebuild(gateways.get(0));
          assertThat(report.getSearched()).isPositive();
          confirm(gateways.get(1), keepNew);
        }
      } finally {
        enough.set(true);
      }
      for (Future<Void> loop : loops) {
        loop.get();
      }
    }
    Thread.sleep(8_000); // all is carried to Milvus, and let go of by the tails
    for (GatewayProcess gateway : gateways) {
      requireNothingFound(check(gateway));
      acknowledged.entrySet().stream()
          .limit(SEARCHED) // all of them were compared by the check
          .forEach(
              face ->
                  assertThat(found(gateway, face.getKey()))
                      .as(face.getKey())
                      .contains(face.getValue()));
    }
  }

  /** One is told to move, both do, and one that starts again is where it was. */
  @Test
  @Order(7)
  void gatewaysMoveToAnotherGalleryTogether() throws Exception {
    String before = enrolled(gateways.get(0), "before-the-move");
    assertThat(move(gateways.get(0), GalleryKind.GALLERY_KIND_SCAN).getFaces()).isPositive();
    awaitVectors(true);
    gateways.get(1).kill();
    gateways.get(1).restart();
    String meanwhile = enrolled(gateways.get(1), "on-the-scan");
    for (GatewayProcess gateway : gateways) {
      assertThat(gateway.holdsVectors()).isTrue();
      assertThat(found(gateway, "before-the-move")).contains(before);
      assertThat(found(gateway, "on-the-scan")).contains(meanwhile);
    }

    assertThat(move(gateways.get(1), GalleryKind.GALLERY_KIND_MILVUS).getFaces()).isPositive();
    awaitVectors(false);
    for (GatewayProcess gateway : gateways) {
      assertThat(found(gateway, "on-the-scan")).contains(meanwhile);
      requireNothingFound(check(gateway));
    }
  }

  private static MoveReport move(GatewayProcess gateway, GalleryKind to) throws Exception {
    return done(
            gateway,
            gateway
                .admin()
                .moveGallery(MoveGalleryRequest.newBuilder().setTo(to).build())
                .getOperation())
        .unpack(MoveReport.class);
  }

  private void awaitVectors(boolean held) throws Exception {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    for (GatewayProcess gateway : gateways) {
      while (gateway.holdsVectors() != held && System.nanoTime() < end) {
        Thread.sleep(50);
      }
      assertThat(gateway.holdsVectors()).isEqualTo(held);
    }
  }

  private static RebuildReport rebuild(GatewayProcess gateway) throws Exception {
    return done(
            gateway,
            gateway
                .collections()
                .rebuildGallery(RebuildGalleryRequest.newBuilder().setCollectionId(PEOPLE).build())
                .getOperation())
        .unpack(RebuildReport.class);
  }

  private static void confirm(GatewayProcess gateway, boolean keepNew) {
    var _ =
        done(
            gateway,
            gateway
                .collections()
                .confirmRebuild(
                    ConfirmRebuildRequest.newBuilder()
                        .setCollectionId(PEOPLE)
                        .setKeepNew(keepNew)
                        .build())
                .getOperation());
  }

  private static CheckReport check(GatewayProcess gateway) throws Exception {
    return done(
            gateway,
            gateway
                .collections()
                .checkCollection(
                    CheckCollectionRequest.newBuilder().setCollectionId(PEOPLE).build())
                .getOperation())
        .unpack(CheckReport.class);
  }

  private static void requireNothingFound(CheckReport report) {
    assertThat(report.getFindingsList())
        .allSatisfy(finding -> assertThat(finding.getCount()).as("%s", finding).isZero());
    assertThat(report.getGalleryFaces()).isEqualTo(report.getFaces());
  }

  /** The result of a long job that succeeds. */
  private static Any done(GatewayProcess gateway, Operation begun) {
    Iterator<WatchOperationResponse> states =
        gateway
            .operations()
            .withDeadlineAfter(Duration.ofMinutes(4))
            .watchOperation(
                WatchOperationRequest.newBuilder().setOperationId(begun.getOperationId()).build());
    Operation last = begun;
    while (states.hasNext()) {
      last = states.next().getOperation();
    }
    assertThat(last.getState()).as("%s", last).isEqualTo(OperationState.OPERATION_STATE_SUCCEEDED);
    return last.getResult();
  }
}
