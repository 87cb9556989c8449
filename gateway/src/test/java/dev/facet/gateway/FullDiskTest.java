package dev.facet.gateway;

import static dev.facet.gateway.Answers.enroll;
import static dev.facet.gateway.Answers.newCollection;
import static dev.facet.gateway.Answers.picture;
import static dev.facet.gateway.Answers.refused;
import static dev.facet.gateway.Answers.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.Answers.Refused;
import dev.facet.gateway.testing.PostgresServer;
import dev.facet.gateway.testing.SmallDisk;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.SearchRequest;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** V17: the gateway over stores whose disk is full, and has room again; never restarted. */
class FullDiskTest {
  private static final int MOST = 5_000;

  @TempDir Path elsewhere;

  private final FakeServices services = new FakeServices();
  private final Map<String, String> acknowledged = new LinkedHashMap<>();

  @AfterEach
  void close() {
    services.close();
  }

  private void enrol(TestGateway gateway, String person) {
    acknowledged.put(person, Answers.enrolled(gateway, "c", "subject", person));
  }

  private static EnrollRequest pictureless(String person) {
    return enroll("c", "subject", picture(person)).toBuilder().setDiscardImage(true).build();
  }

  private void requireAllFound(TestGateway gateway) {
    acknowledged.forEach(
        (person, faceId) -> assertThat(found(gateway, person)).as(person).contains(faceId));
  }

  private static Optional<String> found(TestGateway gateway, String person) {
    return gateway
        .faces()
        .search(
            SearchRequest.newBuilder()
                .setCollectionId("c")
                .setProbe(vector(person))
                .setMaxSquaredDistance(1e-4f)
                .build())
        .getResults(0)
        .getMatchesList()
        .stream()
        .map(match -> match.getFaceId())
        .findFirst();
  }

  private static void requireFull(Refused refused) {
    assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.reason()).isEqualTo("STORAGE_FULL");
  }

  /** Enrols until it is refused: a store has some room of its own. */
  private Refused enrolUntilRefused(TestGateway gateway) {
    for (int i = 0; i < MOST; i++) {
      String person = "late" + i;
      try {
        acknowledged.put(
            person, gateway.faces().enroll(pictureless(person)).getFaces(0).getFace().getFaceId());
      } catch (io.grpc.StatusRuntimeException e) {
        return refused(() -> gateway.faces().enroll(pictureless("refused")));
      }
    }
    throw new AssertionError("the disk is not full");
  }

  private void refuseReadAndRecover(TestGateway gateway, SmallDisk disk) {
    newCollection(gateway, "c");
    for (int i = 0; i < 20; i++) {
      enrol(gateway, "early" + i);
    }
    disk.fill();
    for (int round = 0; round < 3; round++) {
      requireFull(enrolUntilRefused(gateway));
      requireAllFound(gateway);
    }
    disk.empty();
    enrol(gateway, "refused");
    enrol(gateway, "after");
    requireAllFound(gateway);
  }

  @Test
  void ledgerFileFindsNoRoom() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(8)) {
      for (String store : new String[] {"archive", "gallery"}) {
        Files.createSymbolicLink(
            disk.folder().resolve(store), Files.createDirectory(elsewhere.resolve(store)));
      }
      try (TestGateway gateway = TestGateway.ready(disk.folder(), services)) {
        refuseReadAndRecover(gateway, disk);
      }
      try (TestGateway gateway = TestGateway.ready(disk.folder(), services)) {
        requireAllFound(gateway);
      }
    }
  }

  @Test
  void postgresFindsNoRoom() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(192);
        PostgresServer postgres = PostgresServer.start(disk.folder(), 0)) {
      var database = postgres.database();
      try (TestGateway gateway =
          TestGateway.ready(
              elsewhere,
              services,
              "postgres.url=" + database.url(),
              "postgres.user=" + database.user())) {
        // A fresh log: the server itself ends where that finds no room.
        postgres.execute("SELECT pg_switch_wal()");
        postgres.execute("CHECKPOINT");
        refuseReadAndRecover(gateway, disk);
      }
    }
  }

  @Test
  void archiveFindsNoRoom() throws IOException {
    try (SmallDisk disk = in("archive");
        TestGateway gateway = TestGateway.ready(elsewhere, services)) {
      newCollection(gateway, "c");
      enrol(gateway, "anna");
      disk.fill();
      requireFull(refused(() -> gateway.faces().enroll(enroll("c", "subject", picture("berta")))));
      requireAllFound(gateway);
      assertThat(found(gateway, "berta")).isEmpty();
      disk.empty();
      enrol(gateway, "berta");
      requireAllFound(gateway);
    }
  }

  /** A disk for one store alone. */
  private SmallDisk in(String store) throws IOException {
    SmallDisk disk = SmallDisk.mount(1);
    Files.createSymbolicLink(elsewhere.resolve(store), disk.folder());
    return disk;
  }

  /** The face is stored, and searchable when there is room; the caller is told which it is. */
  @Test
  void galleryFindsNoRoom() throws IOException {
    try (SmallDisk disk = in("gallery");
        TestGateway gateway =
            TestGateway.ready(elsewhere, services, "recognition.gallery-wait=4s")) {
      newCollection(gateway, "c");
      enrol(gateway, "anna");
      disk.fill();
      Refused behind = enrolUntilRefused(gateway);
      assertThat(behind.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(behind.reason()).isEqualTo("GALLERY_BEHIND");
      requireAllFound(gateway);
      disk.empty();
      String faceId =
          gateway.faces().enroll(pictureless("refused")).getFaces(0).getFace().getFaceId();
      assertThat(behind.info().getMetadataMap()).containsEntry("face_id", faceId);
      assertThat(found(gateway, "refused")).contains(faceId);
      requireAllFound(gateway);
    }
  }
}
