package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.MtcnnOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How faces are to be found, as it is said and as it is sent. */
class FindingOptionsTest {

  private static final String[] ALL = {
    "--detector", "blinder-detector",
    "--angles", "-90,-22.5,0",
    "--min-size", "40",
    "--min-score", "0.9",
    "--max-side", "1280",
    "--mtcnn", "proposal=0.5,refinement=0.6,output=0.65,factor=0.5"
  };

  private static final DetectionOptions SENT =
      DetectionOptions.newBuilder()
          .setDetector("blinder-detector")
          .addAllAngles(List.of(-90f, -22.5f, 0f))
          .setMinSize(40)
          .setMinScore(0.9f)
          .setMaxSide(1280)
          .setMtcnn(
              MtcnnOptions.newBuilder()
                  .setProposalMinScore(0.5f)
                  .setRefinementMinScore(0.6f)
                  .setOutputMinScore(0.65f)
                  .setPyramidFactor(0.5f))
          .build();

  @TempDir private Path folder;
  private FakeGateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new FakeGateway();
    Files.writeString(Files.createDirectory(folder.resolve("Ada")).resolve("1.jpg"), "Ada 1");
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private Facet run(String command, String... options) {
    String photo = folder.resolve("Ada").resolve("1.jpg").toString();
    return Facet.run(
        Stream.of(
                command.replace("PHOTO", photo).split(" ", -1),
                options,
                new String[] {"--gateway", gateway.address()})
            .flatMap(Stream::of)
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "detect PHOTO --face only",
        "enroll PHOTO --face only",
        "search PHOTO --face only",
        "identify PHOTO --face only",
        "verify PHOTO PHOTO --face only"
      })
  void everyCommandSendsWhatIsSaidAndNothingElse(String command) {
    run("enroll PHOTO --face only");

    assertThat(run(command).exitCode()).isZero();
    DetectionOptions plain =
        DetectionOptions.newBuilder().setChoice(FaceChoice.FACE_CHOICE_ONLY).build();
    assertThat(gateway.options()).containsExactly(plain);

    assertThat(run(command, ALL).exitCode()).isZero();
    assertThat(gateway.options())
        .containsExactlyInAnyOrder(plain, SENT.toBuilder().setChoice(plain.getChoice()).build());
  }

  @Test
  void evaluationsSendThemToo() throws IOException {
    Files.writeString(folder.resolve("Ada").resolve("2.jpg"), "Ada 2");
    Files.writeString(Files.createDirectory(folder.resolve("Eve")).resolve("1.jpg"), "Eve 1");
    run("eval identify --seeds 1 --people 1 --images " + folder, ALL);

    assertThat(gateway.options())
        .extracting(options -> options.toBuilder().clearChoice().build())
        .containsOnly(SENT);
  }

  @Test
  void rotatedIsAQuarterTurnToEitherSide() {
    assertThat(run("detect PHOTO", "--rotated").exitCode()).isZero();
    assertThat(gateway.options())
        .singleElement()
        .extracting(DetectionOptions::getAnglesList)
        .isEqualTo(List.of(-90f, -45f, 0f, 45f, 90f));
  }

  @Test
  void theAngleAtWhichAFaceWasFoundIsSaid() {
    assertThat(run("detect PHOTO", "--angles=0,45").out())
        .contains("at 2,3 (20x24), score 0.95, found at 45 degrees");
    assertThat(run("detect PHOTO", "--angles=-22.5").out()).contains("found at -22.5 degrees");
    assertThat(
            run("detect PHOTO", "--rotated", "--json")
                .json()
                .getAsJsonArray("faces")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("face")
                .get("angle")
                .getAsFloat())
        .isEqualTo(90);
  }

  @Test
  void everyKnobOfMtcnnHasItsField() {
    assertThat(
            MtcnnKnobs.parse(
                "proposal=1, refinement=2,output=3,proposal-overlap=4,refinement-overlap=5,"
                    + "output-overlap=6,rotation-overlap=8,factor=7"))
        .isEqualTo(
            MtcnnOptions.newBuilder()
                .setProposalMinScore(1)
                .setRefinementMinScore(2)
                .setOutputMinScore(3)
                .setProposalMaxOverlap(4)
                .setRefinementMaxOverlap(5)
                .setOutputMaxOverlap(6)
                .setRotationMaxOverlap(8)
                .setPyramidFactor(7)
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--mtcnn propsal=0.6       | 'propsal' is none of [proposal, refinement, output, proposal-overlap",
        "--mtcnn output=0.6,output=1 | 'output' is given twice",
        "--mtcnn output            | output must be a number, as in output=0.7, not ''",
        "--mtcnn output=high       | output must be a number, as in output=0.7, not 'high'",
        "--mtcnn output=0.6,       | '' is none of [",
        "--angles 45,left          | Invalid value for option '--angles'",
        "--rotated --angles 45     | mutually exclusive",
        "--min-size wide           | Invalid value for option '--min-size'",
        "--max-side 12.5           | Invalid value for option '--max-side'"
      })
  void whatMakesNoSenseIsMisuse(String options, String message) {
    Facet misuse = run("detect PHOTO", options.split(" ", -1));

    assertThat(misuse.exitCode()).isEqualTo(2);
    assertThat(misuse.err()).contains(message);
    assertThat(gateway.options()).isEmpty();
  }

  @Test
  void anUnknownDetectorIsTheServicesToRefuse() {
    Facet refused = run("detect PHOTO", "--detector", "yunett");

    assertThat(refused.exitCode()).isEqualTo(65);
    assertThat(refused.err()).contains("MODEL_NOT_FOUND: there is no detector yunett");
  }

  @Test
  void aNewCollectionIsBoundToTheModelAskedFor() {
    assertThat(run("enroll PHOTO", "--model", "blurred-model").exitCode()).isZero();
    assertThat(run("enroll PHOTO", "--model", "blurred-model").exitCode()).isZero();
    assertThat(run("enroll PHOTO").exitCode()).as("whatever model it has").isZero();

    Facet refused = run("enroll PHOTO", "--model", "fake-model");
    assertThat(refused.exitCode()).isEqualTo(65);
    assertThat(refused.err())
        .contains(
            "the collection default is bound to blurred-model and takes no faces of fake-model");
    assertThat(gateway.models()).containsExactly("blurred-model");
  }

  @Test
  void verificationAsksForItsModel() {
    assertThat(run("verify PHOTO PHOTO").exitCode()).isZero();
    assertThat(run("verify PHOTO PHOTO", "--model", "blurred-model").exitCode()).isZero();
    assertThat(gateway.models()).containsExactlyInAnyOrder("", "blurred-model");
  }
}
