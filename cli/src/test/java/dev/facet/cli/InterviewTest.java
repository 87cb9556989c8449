package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InterviewTest {

  private final StringWriter said = new StringWriter();

  @Test
  void personIsAskedWithTheDefaultInBrackets() {
    Interview interview = with("\n240x320\n");

    assertThat(size(interview, Optional.empty())).isEqualTo(new EmbedderWords.Size(112, 112));
    assertThat(size(interview, Optional.empty())).isEqualTo(new EmbedderWords.Size(240, 320));
    assertThat(said.toString()).isEqualTo("size [112x112]: size [112x112]: ");
  }

  @Test
  void wrongAnswerIsExplainedAndAskedAgain() {
    assertThat(size(with("large\n96x112\n"), Optional.empty()))
        .isEqualTo(new EmbedderWords.Size(96, 112));
    assertThat(said.toString()).contains("a size is WIDTHxHEIGHT, not 'large'");
  }

  @Test
  void optionIsNotAskedForAndMustBeRight() {
    assertThat(size(with(""), Optional.of("64x64"))).isEqualTo(new EmbedderWords.Size(64, 64));
    assertThat(said.toString()).isEmpty();
    assertThatThrownBy(() -> size(with("112x112\n"), Optional.of("64")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("--size: a size is WIDTHxHEIGHT, not '64'");
  }

  @Test
  void whereNobodyIsTheDefaultIsTakenAndSaid() {
    Interview nobody = new Interview(Optional.empty(), new PrintWriter(said));

    assertThat(size(nobody, Optional.empty())).isEqualTo(new EmbedderWords.Size(112, 112));
    assertThat(said.toString().strip()).isEqualTo("size: 112x112 (--size)");
  }

  @Test
  void personWhoLeavesEndsTheCommand() {
    assertThatThrownBy(() -> size(with("wrong\n"), Optional.empty()))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("interrupted");
  }

  private Interview with(String answers) {
    return new Interview(
        Optional.of(new BufferedReader(new StringReader(answers))), new PrintWriter(said));
  }

  private static EmbedderWords.Size size(Interview interview, Optional<String> given) {
    return interview.ask("size", "--size", given, "112x112", EmbedderWords::size);
  }
}
