package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.facet.proto.type.v1.FaceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both evaluations against a gateway whose answers are known. */
class EvaluationTest {

  @TempDir private Path images;
  private final FakeGateway.Store store = new FakeGateway.Store();
  private FakeGateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new FakeGateway(store);
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private void photo(String name, int number, String content) throws IOException {
    Path file = images.resolve(name).resolve("%s_%04d.jpg".formatted(name, number));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Facet identify(int people, String seeds) {
    return Facet.run(
        "eval",
        "identify",
        "--images",
        images.toString(),
        "--people",
        Integer.toString(people),
        "--seeds",
        seeds,
        "--json",
        "--gateway",
        gateway.address());
  }

  @Test
  void everyProbeCounts() throws IOException {
    // Of the known, Ada and Bob are recognised, Cyd's face is never found, Dan's photos differ.
    photo("Ada", 1, "Ada 1");
    photo("Ada", 2, "Ada 2");
    photo("Bob", 1, "Bob 1");
    photo("Bob", 2, "Bob 2");
    photo("Cyd", 1, "nobody 1");
    photo("Cyd", 2, "nobody 2");
    photo("Dan", 1, "Dan 1");
    photo("Dan", 2, "Flo 1");
    // Of the strangers, Eve looks like Bob and Gus's face is not found.
    photo("Eve", 1, "Bob 9");
    photo("Fay", 1, "Fay 1");
    photo("Gus", 1, "nobody 3");
    photo("Hal", 1, "Hal 1");

    Facet run = identify(4, "1-3");

    assertThat(run.exitCode()).isZero();
    JsonObject result = run.json();
    assertThat(result.get("known_correct").getAsDouble()).isEqualTo(0.5);
    assertThat(result.get("unknown_named").getAsDouble()).isEqualTo(0.25);
    assertThat(result.getAsJsonArray("seeds")).hasSize(3);
    assertThat(result.getAsJsonArray("seeds").get(0).getAsJsonObject().get("searched_without_face"))
        .hasToString("2");
    assertThat(result.get("threshold").getAsDouble()).isEqualTo(1);
    assertThat(gateway.choices()).containsExactly(FaceChoice.FACE_CHOICE_MOST_CENTRAL);
  }

  @Test
  void everySeedHasACollectionThatIsDropped() throws IOException {
    photo("Ada", 1, "Ada 1");
    photo("Ada", 2, "Ada 2");
    photo("Eve", 1, "Eve 1");

    assertThat(identify(1, "5,7").json().get("known_correct").getAsDouble()).isEqualTo(1);
    assertThat(store.everCreated().keySet())
        .hasSize(2)
        .allMatch(id -> id.matches("eval-identify-seed-[57]-[0-9a-f]{8}"));
    assertThat(store.collections()).isEmpty();
  }

  @Test
  void tooFewPeopleIsMisuse() throws IOException {
    photo("Ada", 1, "Ada 1");

    assertThat(identify(300, "1").exitCode()).isEqualTo(2);
  }

  @Test
  void pairsAreJudgedWithTheThresholdOfTheOthers() throws IOException {
    for (String person : List.of("Ada", "Bob", "Cyd")) {
      photo(person, 1, person + " 1");
      photo(person, 2, person + " 2");
    }
    photo("Dan", 1, "nobody");
    Path fit = Files.writeString(images.resolve("fit.txt"), "1\nAda\t1\t2\nAda\t1\tBob\t1\n");
    Path pairs =
        Files.writeString(
            images.resolve("test.txt"), "2\nBob 1 2\nCyd 1 2\nBob 1 Cyd 1\nBob 1 Dan 1\n");

    Facet run =
        Facet.run(
            "eval",
            "lfw",
            "--images",
            images.toString(),
            "--fit",
            fit.toString(),
            "--pairs",
            pairs.toString(),
            "--json",
            "--gateway",
            gateway.address());

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("accuracy").getAsDouble()).isEqualTo(0.75);
    assertThat(run.json().get("fit_accuracy").getAsDouble()).isEqualTo(1);
    assertThat(run.json().get("tar_at_far_1e-2").getAsDouble()).isCloseTo(1, within(1e-9));
    assertThat(run.json().get("photos_without_face").getAsInt()).isEqualTo(1);
    assertThat(run.json().get("model").getAsString()).isEqualTo(FakeGateway.MODEL);
  }
}
