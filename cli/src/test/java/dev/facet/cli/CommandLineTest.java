package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What holds for every command. */
class CommandLineTest {

  static Stream<String> commands() {
    List<String> names = new ArrayList<>();
    collect(FacetMain.commandLine(), "", names);
    return names.stream();
  }

  private static void collect(CommandLine commandLine, String name, List<String> names) {
    commandLine
        .getSubcommands()
        .forEach(
            (word, sub) -> {
              String full = (name + " " + word).strip();
              names.add(full);
              collect(sub, full, names);
            });
  }

  private static CommandLine find(String command) {
    CommandLine commandLine = FacetMain.commandLine();
    for (String word : command.split(" ", -1)) {
      commandLine = Objects.requireNonNull(commandLine.getSubcommands().get(word));
    }
    return commandLine;
  }

  private static String[] words(String command, String... more) {
    return Stream.concat(Stream.of(command.split(" ", -1)), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void everythingTheIssueNamesIsThere() {
    assertThat(commands())
        .contains(
            "up",
            "enroll",
            "search",
            "identify",
            "verify",
            "detect",
            "models list",
            "models pull",
            "models verify",
            "eval identify",
            "eval lfw",
            "faces list",
            "subjects rename",
            "collections drop",
            "gallery check",
            "gallery rebuild",
            "gallery recall",
            "gallery operations",
            "admin tenants create",
            "admin keys rotate",
            "admin audit");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandExplainsItself(String command) {
    Facet help = Facet.run(words(command, "--help"));

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("Usage: facet " + command);
    assertThat(find(command).getCommandSpec().usageMessage().header()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyOptionIsDescribedAndEveryCommandSpeaksJson(String command) {
    CommandLine commandLine = find(command);
    assertThat(commandLine.getCommandSpec().options())
        .allSatisfy(option -> assertThat(option.description()).isNotEmpty());
    if (commandLine.getSubcommands().isEmpty()) {
      assertThat(commandLine.getCommandSpec().findOption("--json")).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anUnknownOptionIsMisuse(String command) {
    Facet misuse = Facet.run(words(command, "--no-such-option"));

    assertThat(misuse.exitCode()).isEqualTo(2);
    assertThat(misuse.err()).contains("Try 'facet " + command + " --help'");
  }

  @Test
  void nothingAskedIsMisuse() {
    assertThat(Facet.run().exitCode()).isEqualTo(2);
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(Facet.run("--help").out()).contains("Exit codes:").contains("69 ");
  }

  @Test
  void aWrongFaceChoiceIsAnsweredWithTheWords() {
    Facet misuse = Facet.run("search", "--face", "biggest", "photo.jpg");

    assertThat(misuse.exitCode()).isEqualTo(2);
    assertThat(misuse.err()).contains("[all, only, largest, central, most-probable]");
  }

  @Test
  void anAddressThatIsNoneIsMisuse() {
    assertThat(Facet.run("faces", "list", "--gateway", "a b").exitCode()).isEqualTo(2);
  }
}
