package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.facet.proto.v1.CollectionServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.GetCollectionStatisticsRequest;
import dev.facet.proto.v1.ListSubjectsRequest;
import dev.facet.proto.v1.ListSubjectsResponse;
import dev.facet.proto.v1.Subject;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code facet enroll} of a thousand photos, killed with the gateway in the middle and repeated.
 */
class EnrollInterruptedIT {
  private static final int PHOTOS = 1000;
  private static final int KILL_AFTER = 300;
  private static final String COLLECTION = "default";

  @Test
  void everyPhotoIsThereExactlyOnce(@TempDir Path folder) throws Exception {
    Path people = Files.createDirectory(folder.resolve("people"));
    Map<String, Integer> expected = Photos.copyTo(people, PHOTOS);
    try (Road road = Road.open(folder)) {
      Process enroll =
          Command.start(
              road.commandLine("enroll", people.toString()),
              folder.resolve("first.out"),
              folder.resolve("first.err"));
      long before = awaitFaces(road, enroll);
      road.gateway().kill();
      enroll.destroyForcibly().waitFor();
      road.restartGateway();
      assertThat(before).as("killed in the middle").isBetween((long) KILL_AFTER, PHOTOS - 1L);
      assertThat(faces(road)).as("what was acknowledged").isGreaterThanOrEqualTo(before);

      Command again = road.run("enroll", people.toString(), "--json");
      JsonObject summary = JsonParser.parseString(again.output()).getAsJsonObject();
      assertThat(again.status()).as(again.errors()).isZero();
      assertThat(summary.get("already_there").getAsLong()).isGreaterThanOrEqualTo(before);
      assertThat(summary.get("enrolled").getAsLong() + summary.get("already_there").getAsLong())
          .isEqualTo(PHOTOS);
      assertThat(facesBySubject(road)).isEqualTo(expected);
    }
  }

  private static long awaitFaces(Road road, Process enroll) throws InterruptedException {
    long faces = 0;
    while (faces < KILL_AFTER && !enroll.waitFor(100, TimeUnit.MILLISECONDS)) {
      faces = faces(road);
    }
    return faces;
  }

  private static long faces(Road road) {
    try {
      return CollectionServiceGrpc.newBlockingStub(road.gateway().channel())
          .getCollectionStatistics(
              GetCollectionStatisticsRequest.newBuilder().setCollectionId(COLLECTION).build())
          .getFaces();
    } catch (StatusRuntimeException e) {
      return 0; // the collection is made by the first enrolment
    }
  }

  private static Map<String, Integer> facesBySubject(Road road) {
    Map<String, Integer> faces = new HashMap<>();
    ListSubjectsRequest.Builder page =
        ListSubjectsRequest.newBuilder().setCollectionId(COLLECTION).setPageSize(1000);
    do {
      ListSubjectsResponse response =
          FaceServiceGrpc.newBlockingStub(road.gateway().channel()).listSubjects(page.build());
      for (Subject subject : response.getSubjectsList()) {
        faces.put(subject.getSubjectId(), subject.getFaceCount());
      }
      page.setPageToken(response.getNextPageToken());
    } while (!page.getPageToken().isEmpty());
    return faces;
  }
}
