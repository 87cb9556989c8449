package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code facet up --milvus local} with the real engine, from nothing to a face found again. */
@Timeout(600)
class LocalMilvusIT {
  private static final int PEOPLE = 6;

  @TempDir private Path folder;

  @Test
  void facesAreFoundAgainAfterAStopAndAfterAKill() throws Exception {
    List<Path> photos = Photos.onePerPerson(PEOPLE);
    Path people = Files.createDirectory(folder.resolve("people"));
    for (Path photo : photos) {
      Path person = Files.createDirectory(people.resolve(name(photo)));
      Files.copy(photo, person.resolve(photo.getFileName()));
    }

    try (Up up = start()) {
      assertThatThrownBy(this::start).hasMessageContaining("in use by another facet up");
      up.answer("enroll", people.toString());
      awaitRows(up);
    }
    Up up = start();
    try (up) {
      assertThat(rows(up)).isEqualTo(PEOPLE);
      assertThatAllAreFound(up, photos);
      List<ProcessHandle> services = up.services();
      assertThat(services).hasSize(4);
      up.kill();
      for (ProcessHandle service : services) {
        service.onExit().get(60, TimeUnit.SECONDS);
      }
    }
    try (Up again = start()) {
      assertThat(rows(again)).isEqualTo(PEOPLE);
      assertThatAllAreFound(again, photos);
    }
  }

  private Up start() throws IOException, InterruptedException {
    // Tests keep what they install apart from the user's own; the gateway need not wait so long
    // until it carries few faces to Milvus.
    Map<String, String> environment =
        Map.of("XDG_CACHE_HOME", testCache().toString(), "FACET_MILVUS_TAIL_AGE", "1s");
    try {
      return Up.start(
          folder,
          environment,
          List.of(
              "--milvus",
              "local",
              "--mirror",
              Repository.SHARED.resolve("models").toString(),
              "--cache",
              Road.modelCache().toString()));
    } catch (IllegalStateException e) {
      String said = String.valueOf(e.getMessage());
      if (said.contains("it needs python3") || said.contains("pip could not install")) {
        return abort("Milvus: no Python or no PyPI: " + said);
      }
      throw e;
    }
  }

  /** Where the gateway's tests keep their programs, too. */
  private static Path testCache() {
    String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path home =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return home.resolve("facet/tests");
  }

  private static void assertThatAllAreFound(Up up, List<Path> photos) throws Exception {
    for (Path photo : photos) {
      // Exit code 0 is a match.
      assertThat(up.answer("identify", photo.toString()).toString()).contains(name(photo));
    }
  }

  private static String name(Path photo) {
    return photo.getFileName().toString().replaceFirst("_\\d+\\.jpg$", "");
  }

  private static void awaitRows(Up up) throws Exception {
    while (rows(up) < PEOPLE) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Faces that Milvus itself has; none before the gateway has made a collection there. */
  private static int rows(Up up) throws Exception {
    HttpRequest question =
        HttpRequest.newBuilder(
                URI.create(
                    "http://"
                        + up.service("milvus").get("address").getAsString()
                        + "/v1/vector/query"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"collectionName\":\"facet_1_1\",\"filter\":\"key >= 0\",\"limit\":100,"
                        + "\"outputFields\":[\"key\"]}"))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      JsonObject answer =
          JsonParser.parseString(client.send(question, BodyHandlers.ofString()).body())
              .getAsJsonObject();
      return answer.has("data") ? answer.getAsJsonArray("data").size() : 0;
    }
  }
}
