package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.facet.proto.v1.Face;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.ListFacesRequest;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code facet gallery} against services that are in use. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GalleryIT {
  private static final int PHOTOS = 60;

  private Path folder;
  private Road road;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Path people = Files.createDirectory(folder.resolve("people"));
    var _ = Photos.copyTo(people, PHOTOS);
    road = Road.open(folder);
    assertThat(road.run("enroll", people.toString()).status()).isLessThanOrEqualTo(1);
  }

  @AfterAll
  void stop() {
    if (road != null) {
      road.close();
    }
  }

  private FaceServiceBlockingStub stub() {
    return FaceServiceGrpc.newBlockingStub(road.gateway().channel());
  }

  private List<Face> faces() {
    return stub()
        .listFaces(
            ListFacesRequest.newBuilder().setCollectionId("default").setPageSize(1000).build())
        .getFacesList();
  }

  private boolean finds(Face face) {
    return stub()
        .search(
            SearchRequest.newBuilder()
                .setCollectionId("default")
                .setProbe(Probe.newBuilder().setFaceId(face.getFaceId()))
                .build())
        .getResults(0)
        .getMatchesList()
        .stream()
        .anyMatch(match -> match.getFaceId().equals(face.getFaceId()));
  }

  private JsonObject result(Command run) {
    assertThat(run.errors()).doesNotContain("facet:");
    return JsonParser.parseString(run.output()).getAsJsonObject().getAsJsonObject("result");
  }

  private static long count(JsonObject report, String kind) {
    for (JsonElement finding : report.getAsJsonArray("findings")) {
      if (finding.getAsJsonObject().get("kind").getAsString().endsWith(kind)) {
        return finding.getAsJsonObject().get("count").getAsLong();
      }
    }
    throw new AssertionError(report);
  }

  @Test
  @Order(1)
  void aCheckComparesEveryFaceAndPicture() throws Exception {
    Command run = road.run("gallery", "check", "--json");

    assertThat(run.status()).as(run.output()).isZero();
    JsonObject report = result(run);
    long faces = faces().size();
    assertThat(faces).isGreaterThan(PHOTOS / 2);
    assertThat(report.get("faces").getAsLong()).isEqualTo(faces);
    assertThat(report.get("gallery_faces").getAsLong()).isEqualTo(faces);
    assertThat(report.get("pictures").getAsLong()).isEqualTo(faces);
  }

  @Test
  @Order(2)
  void searchesFindEveryFaceWhileTheGalleryIsRebuilt() throws Exception {
    List<Face> faces = faces();
    AtomicBoolean going = new AtomicBoolean(true);
    CompletableFuture<Integer> missed =
        CompletableFuture.supplyAsync(
            () -> {
              int misses = 0;
              while (going.get()) {
                for (Face face : faces) {
                  misses += finds(face) ? 0 : 1;
                }
              }
              return misses;
            });
    JsonObject report;
    try {
      report = result(road.run("gallery", "rebuild", "--json"));
    } finally {
      going.set(false);
    }

    assertThat(missed.get()).isZero();
    assertThat(report.get("faces").getAsInt()).isEqualTo(faces.size());
    assertThat(report.get("found").getAsInt()).isEqualTo(faces.size());
  }

  @Test
  @Order(3)
  void whatWasConfirmedSurvivesAKill() throws Exception {
    Command confirmed = road.run("gallery", "rebuild", "--confirm");
    assertThat(confirmed.status()).as(confirmed.errors()).isZero();
    road.killAndRestartGateway();

    Command check = road.run("gallery", "check");
    assertThat(check.status()).as(check.output()).isZero();
    assertThat(check.output()).contains("nothing is wrong");
    assertThat(result(road.run("gallery", "recall", "--json")).get("recall_at_1").getAsDouble())
        .isEqualTo(1);
    assertThat(road.run("gallery", "operations").output().lines()).hasSize(5);
  }

  @Test
  @Order(4)
  void aPictureThatIsGoneIsReportedAndCannotBeRepaired() throws Exception {
    Files.delete(pictures().getFirst());
    Command run = road.run("gallery", "check", "--repair", "--json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(count(result(run), "PICTURE_MISSING")).isEqualTo(1);
    assertThat(count(result(run), "MISSING_IN_GALLERY")).isZero();
  }

  private List<Path> pictures() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data/archive"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
