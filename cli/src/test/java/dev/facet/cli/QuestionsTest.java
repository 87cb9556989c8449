package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask the gateway one question. */
class QuestionsTest {

  @TempDir private Path folder;
  private FakeGateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new FakeGateway();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  private String photo(String content) throws IOException {
    Path file = folder.resolve(content.replace(' ', '_') + ".jpg");
    Files.writeString(file, content);
    return file.toString();
  }

  private Facet ask(String... arguments) {
    String[] words = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, words, 0, arguments.length);
    words[arguments.length] = "--gateway";
    words[arguments.length + 1] = gateway.address();
    return Facet.run(words);
  }

  @Test
  void searchListsTheNearest() throws IOException {
    ask("enroll", photo("Ada 1"), "--subject", "Ada");
    ask("enroll", photo("Bob 1"), "--subject", "Bob");
    Facet run = ask("search", photo("Bob 2"), "--top", "1");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("face at 2,3 (20x24), score 0.95: nearest of 2")
        .contains("squared distance 0.500 (cosine 0.750)  Bob  face ")
        .doesNotContain("Ada");
  }

  @Test
  void inAFreshClusterTheReasonSaysWhatToDo() throws IOException {
    Facet run = ask("identify", photo("Ada 1"));

    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err())
        .contains("COLLECTION_NOT_FOUND")
        .contains("enroll something first, or name another with --collection");
  }

  @Test
  void searchWithoutAFaceIsANegativeAnswer() throws IOException {
    ask("enroll", photo("Ada 1"), "--subject", "Ada");
    Facet run = ask("search", photo("nobody"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("no face found");
  }

  @Test
  void identifyNamesThePerson() throws IOException {
    ask("enroll", photo("Ada 1"), "--subject", "Ada Byron");
    Facet run = ask("identify", photo("Ada 2"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsPattern(": Ada Byron \\(Ada_Byron-[0-9a-f]{8}\\), squared distance 0.500");
  }

  @Test
  void identifySaysWhoIsNearestToAStranger() throws IOException {
    ask("enroll", photo("Ada 1"), "--subject", "Ada");
    Facet run = ask("identify", photo("Eve 1"));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("unknown, the nearest is Ada");
  }

  @Test
  void verifyTellsOnePersonFromTwo() throws IOException {
    assertThat(ask("verify", photo("Ada 1"), photo("Ada 2")).exitCode()).isZero();
    Facet two = ask("verify", photo("Ada 1"), photo("Bob 1"));

    assertThat(two.exitCode()).isEqualTo(1);
    assertThat(two.out()).startsWith("two people: squared distance 2.000 (cosine 0.000)");
  }

  @Test
  void aPhotoWithoutAFaceIsRefusedWithTheReason() throws IOException {
    Facet run = ask("verify", photo("Ada 1"), photo("nobody"));

    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err()).isEqualTo("facet: NO_FACE: no face in the picture%n".formatted());
  }

  @Test
  void jsonIsTheContractsOwn() throws IOException {
    Facet run = ask("verify", photo("Ada 1"), photo("Ada 2"), "--json");

    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.json().get("decision").getAsString()).isEqualTo("DECISION_MATCH");
    assertThat(run.json().getAsJsonObject("comparison").get("squared_distance").getAsFloat())
        .isEqualTo(0.5f);
  }

  @Test
  void whatIsNotBuiltIsSaidByItsName() {
    Facet run = ask("subjects", "delete", "Ada");

    assertThat(run.exitCode()).isEqualTo(65);
    assertThat(run.err()).startsWith("facet: UNIMPLEMENTED").contains("DeleteSubject");
  }

  @Test
  void listsAreCompleteHoweverManyPages() throws IOException {
    for (int i = 0; i < 5; i++) {
      ask("enroll", photo("Ada " + i), "--subject", "Ada");
    }
    assertThat(ask("faces", "list").out().lines()).hasSize(5);
    assertThat(ask("faces", "list", "--json").json().getAsJsonArray("faces")).hasSize(5);
  }

  @Test
  void aStackTraceIsShownOnRequestOnly() throws IOException {
    assertThat(ask("verify", photo("broken"), photo("Ada 1")).err().lines()).hasSize(1);
    assertThat(ask("verify", photo("broken"), photo("Ada 1"), "--debug").err())
        .contains("at dev.facet.cli");
  }
}
