package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.cli.FakeGateway.Store;
import dev.facet.proto.type.v1.FaceChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollCommandTest {

  @TempDir private Path folder;
  private final Store store = new Store();

  @BeforeEach
  void people() throws IOException {
    photo("Ada/1.jpg", "Ada 1");
    photo("Ada/2.png", "Ada 2");
    photo("Bob/1.webp", "Bob 1");
    photo("Bob/notes.txt", "not a photo");
    photo("Bob/.hidden.jpg", "nor this");
  }

  private void photo(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private Facet enroll(FakeGateway gateway, String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "enroll";
    arguments[1] = folder.toString();
    arguments[2] = "--gateway";
    arguments[3] = gateway.address();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Facet.run(arguments);
  }

  @Test
  void foldersNameTheSubjects() throws IOException {
    try (FakeGateway gateway = new FakeGateway(store)) {
      Facet run = enroll(gateway);

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("3 photos: 3 enrolled, 0 already there, 0 refused");
      assertThat(store.faces("default").values())
          .extracting(FakeGateway.Enrolled::subject)
          .containsExactlyInAnyOrder("Ada", "Ada", "Bob");
      assertThat(gateway.choices()).containsExactly(FaceChoice.FACE_CHOICE_LARGEST);
    }
  }

  @Test
  void oneSubjectMayBeNamedForAllPhotos() throws IOException {
    try (FakeGateway gateway = new FakeGateway(store)) {
      enroll(gateway, "--subject", "Zoë Smith", "--collection", "other", "--face", "only");

      assertThat(store.faces("other").values())
          .hasSize(3)
          .allSatisfy(
              face -> {
                assertThat(face.subject()).matches("Zoe_Smith-[0-9a-f]{8}");
                assertThat(face.displayName()).isEqualTo("Zoë Smith");
              });
      assertThat(gateway.choices()).containsExactly(FaceChoice.FACE_CHOICE_ONLY);
    }
  }

  @Test
  void theCollectionIsCreatedOnFirstUseAndOnlyThen() throws IOException {
    try (FakeGateway gateway = new FakeGateway(store)) {
      assertThat(store.collections()).isEmpty();
      enroll(gateway, "--collection", "staff");
      Facet again = enroll(gateway, "--collection", "staff");

      assertThat(again.exitCode()).isZero();
      assertThat(store.collections()).containsOnlyKeys("staff");
      assertThat(again.out()).contains("0 enrolled, 3 already there");
    }
  }

  @Test
  void aPhotoThatIsRefusedDoesNotStopTheOthers() throws IOException {
    photo("Bob/2.jpg", "nobody");
    photo("Bob/3.jpg", "broken");
    try (FakeGateway gateway = new FakeGateway(store)) {
      Facet run = enroll(gateway);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .containsPattern("refused .*Bob/2.jpg .*NO_FACE: no face in the picture")
          .containsPattern("refused .*Bob/3.jpg .*UNSUPPORTED_FORMAT: not a picture")
          .contains("5 photos: 3 enrolled, 0 already there, 2 refused");
    }
  }

  @Test
  void aPhotoThatIsTooLargeIsNotEvenSent() throws IOException {
    photo("Ada/3.jpg", "A".repeat(Photos.MAX_BYTES + 1));
    try (FakeGateway gateway = new FakeGateway(store)) {
      Facet run = enroll(gateway);

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out()).containsPattern("refused .*Ada/3.jpg .*IMAGE_TOO_LARGE");
    }
  }

  @Test
  void repeatedAfterTheGatewayDiedEveryPhotoIsThereOnce() throws IOException {
    for (int i = 0; i < 100; i++) {
      photo("Eve/%d.jpg".formatted(i), "Eve " + i);
    }
    try (FakeGateway gateway = new FakeGateway(store)) {
      gateway.dieAfter(20);
      Facet interrupted = enroll(gateway, "--patience", "0");

      assertThat(interrupted.exitCode()).isEqualTo(69);
      assertThat(interrupted.out()).contains("not reached: repeat the command");
      assertThat(interrupted.err()).contains("no answer from the gateway");
    }
    int storedBefore = store.faces("default").size();
    assertThat(storedBefore).isBetween(20, 102);
    try (FakeGateway gateway = new FakeGateway(store)) {
      Facet repeated = enroll(gateway, "--json");

      assertThat(repeated.exitCode()).isZero();
      assertThat(store.faces("default")).hasSize(103);
      assertThat(repeated.json().get("already_there").getAsInt()).isEqualTo(storedBefore);
      assertThat(repeated.json().get("enrolled").getAsInt()).isEqualTo(103 - storedBefore);
      assertThat(repeated.json().getAsJsonArray("files")).hasSize(103);
    }
  }

  @Test
  void aBusyGatewayIsAskedAgain() throws IOException {
    try (FakeGateway gateway = new FakeGateway(store)) {
      gateway.beUnavailable(4);
      Facet run = enroll(gateway);

      assertThat(run.exitCode()).isZero();
      assertThat(store.faces("default")).hasSize(3);
    }
  }

  @Test
  void withoutPatienceABusyGatewayEndsTheCommand() throws IOException {
    try (FakeGateway gateway = new FakeGateway(store)) {
      gateway.beUnavailable(100);
      Facet run = enroll(gateway, "--patience", "0");

      assertThat(run.exitCode()).isEqualTo(69);
      assertThat(run.err()).contains("QUEUE_FULL: 64 of 64 waiting");
    }
  }

  @Test
  void aGatewayThatIsNotThereIsSaidAtOnce() throws IOException {
    FakeGateway gone = new FakeGateway(store);
    String address = gone.address();
    gone.close();
    Facet run = Facet.run("enroll", folder.toString(), "--gateway", address);

    assertThat(run.exitCode()).isEqualTo(69);
    assertThat(run.err())
        .isEqualTo(
            "facet: no answer from the gateway at %s; is it up? (facet up starts one)%n"
                .formatted(address));
  }

  @Test
  void aFileWithoutAFolderNeedsASubject() {
    assertThat(Facet.run("enroll", "pom.xml").exitCode()).isEqualTo(2);
  }

  @Test
  void aFileThatIsNotThereIsSaid() {
    Facet run = Facet.run("enroll", folder.resolve("Ada/9.jpg").toString());

    assertThat(run.exitCode()).isEqualTo(74);
    assertThat(run.err()).contains("Ada/9.jpg: no such file");
  }
}
