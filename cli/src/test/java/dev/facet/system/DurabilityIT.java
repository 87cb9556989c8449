package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.Decision;
import dev.facet.proto.v1.DeleteFaceRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives {@code kill -9} of the gateway, and was on the disk before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DurabilityIT {
  private static final int KILLS = 50;
  private static final String COLLECTION = "durable";
  private static final DetectionOptions CENTRAL =
      DetectionOptions.newBuilder().setChoice(FaceChoice.FACE_CHOICE_MOST_CENTRAL).build();

  private Path folder;
  private Road road;
  private List<Path> photos;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    road = Road.open(folder);
    photos = Photos.onePerPerson(KILLS + 3);
    CollectionServiceGrpc.newBlockingStub(road.gateway().channel())
        .createCollection(CreateCollectionRequest.newBuilder().setCollectionId(COLLECTION).build());
  }

  @AfterAll
  void stop() {
    if (road != null) {
      road.close();
    }
  }

  /** V05 with the signal right after the acknowledgement, fifty times. */
  @Test
  @Order(1)
  void everyAcknowledgedFaceIsFoundAfterTheGatewayWasKilled() throws Exception {
    for (int i = 0; i < KILLS; i++) {
      enroll("person-" + i, photos.get(i));
      road.killAndRestartGateway();
      assertThat(identified(photos.get(i))).as("kill %d", i).isEqualTo("person-" + i);
    }
    assertThat(
            faces()
                .listFaces(
                    ListFacesRequest.newBuilder()
                        .setCollectionId(COLLECTION)
                        .setPageSize(1000)
                        .build())
                .getFacesCount())
        .isEqualTo(KILLS);
  }

  /** V06: a deletion that was acknowledged is not undone by the kill either. */
  @Test
  @Order(2)
  void aDeletedFaceStaysAwayAfterTheGatewayWasKilled() throws Exception {
    Path photo = photos.get(KILLS);
    String faceId = enroll("deleted", photo);
    assertThat(identified(photo)).isEqualTo("deleted");
    faces()
        .deleteFace(
            DeleteFaceRequest.newBuilder().setCollectionId(COLLECTION).setFaceId(faceId).build());
    road.killAndRestartGateway();
    assertThat(identified(photo)).isEmpty();
  }

  @Test
  @Order(3)
  void theAcknowledgementComesAfterTheDataWasSynced() throws Exception {
    Path trace = folder.resolve("strace.out");
    assumeTrue(stracesWork(), "synced before acknowledged: strace cannot trace processes here");
    road.restartGateway(
        "strace", "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace.toString());
    enroll("warm", photos.get(KILLS + 1));
    int before = Files.readAllLines(trace).size();
    enroll("traced", photos.get(KILLS + 2));
    List<String> syncs = Files.readAllLines(trace);
    syncs = syncs.subList(before, syncs.size());
    int chip = lastMatching(syncs, "sync\\(.*archive.*");
    int ledger = lastMatching(syncs, "sync\\(.*ledger.*(wal|db).*");
    assertThat(chip).as("the chip was synced: %s", syncs).isNotNegative();
    assertThat(ledger).as("the ledger was synced after the chip: %s", syncs).isGreaterThan(chip);
  }

  private static int lastMatching(List<String> lines, String pattern) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).matches(".*" + pattern)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean stracesWork() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private String enroll(String subject, Path photo) throws IOException {
    return faces()
        .enroll(
            EnrollRequest.newBuilder()
                .setCollectionId(COLLECTION)
                .setSubjectId(subject)
                .setProbe(probe(photo))
                .setOptions(CENTRAL)
                .build())
        .getFaces(0)
        .getFace()
        .getFaceId();
  }

  /** The subject the photo's face is taken for; empty when it is unknown. */
  private String identified(Path photo) throws IOException {
    IdentifyResponse response =
        faces()
            .identify(
                IdentifyRequest.newBuilder()
                    .setCollectionId(COLLECTION)
                    .setProbe(probe(photo))
                    .setOptions(CENTRAL)
                    .build());
    return response.getFaces(0).getDecision() == Decision.DECISION_MATCH
        ? response.getFaces(0).getCandidates(0).getSubjectId()
        : "";
  }

  private FaceServiceBlockingStub faces() {
    return FaceServiceGrpc.newBlockingStub(road.gateway().channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static Probe probe(Path photo) throws IOException {
    return Probe.newBuilder()
        .setImage(Image.newBuilder().setData(ByteString.copyFrom(Files.readAllBytes(photo))))
        .build();
  }
}
