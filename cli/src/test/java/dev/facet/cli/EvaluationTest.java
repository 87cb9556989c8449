package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.facet.proto.type.v1.FaceChoice;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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

  /** A PNG of one colour, with a white mark in its upper right corner. */
  private void picture(String name, int number, int colour) throws IOException {
    BufferedImage picture = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        picture.setRGB(x, y, x >= 38 && y < 2 ? 0xFFFFFF : colour);
      }
    }
    Path file = images.resolve(name).resolve("%s_%04d.png".formatted(name, number));
    Files.createDirectories(file.getParent());
    ImageIO.write(picture, "png", file.toFile());
  }

  private Facet identify(int people, String seeds, String... more) {
    return Facet.run(
        Stream.concat(
                Stream.of(
                    "eval",
                    "identify",
                    "--images",
                    images.toString(),
                    "--people",
                    Integer.toString(people),
                    "--seeds",
                    seeds,
                    "--gateway",
                    gateway.address()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  /** Pairs of which one photo is too dark for the detector that is not the default. */
  private Facet lfw(String... more) throws IOException {
    for (String person : List.of("Ada", "Bob", "Cyd")) {
      photo(person, 1, person + " 1");
      photo(person, 2, person + (person.equals("Cyd") ? " dark" : " 2"));
    }
    Path fit = Files.writeString(images.resolve("fit.txt"), "1\nAda 1 2\nAda 1 Bob 1\n");
    Path pairs =
        Files.writeString(
            images.resolve("test.txt"), "2\nBob 1 2\nCyd 1 2\nBob 1 Cyd 1\nBob 2 Ada 1\n");
    return Facet.run(
        Stream.concat(
                Stream.of(
                    "eval",
                    "lfw",
                    "--images",
                    images.toString(),
                    "--fit",
                    fit.toString(),
                    "--pairs",
                    pairs.toString(),
                    "--gateway",
                    gateway.address()),
                Stream.of(more))
            .toArray(String[]::new));
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

    Facet run = identify(4, "1-3", "--json");

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

    assertThat(identify(1, "5,7", "--json").json().get("known_correct").getAsDouble()).isEqualTo(1);
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
  void theResultNamesWhatWasMeasured() throws IOException {
    picture("Ada", 1, 0x0000FF);
    picture("Ada", 2, 0x0000FF);
    picture("Eve", 1, 0x00FF00);

    JsonObject plain = identify(1, "1", "--json").json();
    assertThat(plain.get("detector").getAsString()).isEqualTo(FakeGateway.DETECTOR);
    assertThat(plain.get("model").getAsString()).isEqualTo(FakeGateway.MODEL);
    assertThat(plain.getAsJsonArray("angles")).isEmpty();
    assertThat(plain.get("turn").getAsDouble()).isZero();

    String[] other = {
      "--detector",
      FakeGateway.BLINDER_DETECTOR,
      "--model",
      FakeGateway.BLURRED_MODEL,
      "--rotated",
      "--turn",
      "-90"
    };
    JsonObject chosen =
        identify(
                1, "1", Stream.concat(Stream.of(other), Stream.of("--json")).toArray(String[]::new))
            .json();
    assertThat(chosen.get("detector").getAsString()).isEqualTo(FakeGateway.BLINDER_DETECTOR);
    assertThat(chosen.get("model").getAsString()).isEqualTo(FakeGateway.BLURRED_MODEL);
    assertThat(chosen.getAsJsonArray("angles")).hasToString("[-90.0,-45.0,0.0,45.0,90.0]");
    assertThat(chosen.get("turn").getAsDouble()).isEqualTo(-90);
    assertThat(identify(1, "1", other).out())
        .contains(
            "faces found by blinder-detector at angles of -90, -45, 0, 45, 90, searched photos"
                + " turned by -90 degrees");
  }

  @Test
  void searchedPhotosAreTurnedAndEnrolledOnesAreNot() throws IOException {
    picture("Ada", 1, 0x0000FF);
    picture("Ada", 2, 0x0000FF);
    picture("Eve", 1, 0x00FF00);

    Facet run = identify(1, "1", "--turn", "90", "--json");

    assertThat(run.json().get("known_correct").getAsDouble()).as(run.err()).isEqualTo(1);
    assertThat(gateway.searched())
        .hasSize(2)
        .allSatisfy(
            photo -> {
              BufferedImage picture = ImageIO.read(photo.newInput());
              assertThat(picture.getWidth()).isEqualTo(20);
              assertThat(picture.getHeight()).isEqualTo(40);
              assertThat(picture.getRGB(0, 0)).as("the mark, upper left").isEqualTo(0xFFFFFFFF);
            });
    assertThat(store.everCreated()).hasSize(1);
  }

  @Test
  void aTurnThatIsNoneIsMisuse() {
    assertThat(identify(1, "1", "--turn", "NaN").err())
        .contains("'NaN' is no number from -360 to 360");
    assertThat(identify(1, "1", "--turn", "400").exitCode()).isEqualTo(2);
  }

  @Test
  void aPhotoThatCannotBeTurnedEndsTheMeasurementByItsName() throws IOException {
    photo("Ada", 1, "Ada 1");
    photo("Ada", 2, "Ada 2");
    photo("Eve", 1, "Eve 1");

    Facet run = identify(1, "1", "--turn", "30");

    assertThat(run.exitCode()).isEqualTo(74);
    assertThat(run.err()).contains(".jpg: the picture cannot be decoded here");
    assertThat(store.collections()).isEmpty();
  }

  @Test
  void everyCombinationIsMeasuredOnTheSamePairs() throws IOException {
    Facet run =
        lfw(
            "--detectors",
            "fake-detector,blinder-detector",
            "--models",
            "fake-model,blurred-model",
            "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonArray rows = JsonParser.parseString(run.out()).getAsJsonArray();
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("detector").getAsString())
        .containsExactly("fake-detector", "fake-detector", "blinder-detector", "blinder-detector");
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("model").getAsString())
        .containsExactly("fake-model", "blurred-model", "fake-model", "blurred-model");
    // To the blurred model all are one person; the blinder detector misses one pair of one person.
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("accuracy").getAsDouble())
        .containsExactly(1.0, 0.5, 0.75, 0.25);
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("photos_without_face").getAsInt())
        .containsExactly(0, 0, 1, 1);
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("tar_at_far_1e-3").getAsDouble())
        .containsExactly(1.0, 0.0, 0.5, 0.0);
    assertThat(rows)
        .extracting(row -> row.getAsJsonObject().get("pairs").getAsInt())
        .containsOnly(4);
  }

  @Test
  void theTableHasOneLineForEachCombination() throws IOException {
    Facet run = lfw("--detectors", "fake-detector,blinder-detector");

    assertThat(run.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("4 pairs, 6 photos; thresholds fitted on "),
            line -> assertThat(line).startsWith("detector").endsWith("no face"),
            line -> assertThat(line).matches("fake-detector +fake-model +1\\.0000 .* 0"),
            line -> assertThat(line).matches("blinder-detector +fake-model +0\\.7500 .* 1"));
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aNameTheServicesDoNotKnowEndsItAtOnce() throws IOException {
    Facet detector = lfw("--detectors", "fake-detector,mtcm");
    assertThat(detector.exitCode()).isEqualTo(65);
    assertThat(detector.err()).contains("MODEL_NOT_FOUND: there is no detector mtcm");
    assertThat(detector.out()).isEmpty();

    assertThat(lfw("--models", "edgefaec").err())
        .contains("MODEL_NOT_FOUND: there is no model edgefaec");
  }

  @Test
  void listsAndSingleNamesExcludeEachOther() throws IOException {
    assertThat(lfw("--detector", "a", "--detectors", "b,c").err())
        .contains("--detector and --detectors exclude each other");
    assertThat(lfw("--model", "a", "--models", "b").exitCode()).isEqualTo(2);
    assertThat(lfw("--models", "a,b,a").err()).contains("--models must name each once, not a,b,a");
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
    assertThat(run.json().get("detector").getAsString()).isEqualTo(FakeGateway.DETECTOR);
  }
}
