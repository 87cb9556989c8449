package dev.facet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  enum Choice {
    ALL,
    MOST_CENTRAL
  }

  record Limits(
      @Setting(value = "8", unit = "items", doc = "Largest batch") int maxBatch,
      @Setting(value = "5ms", doc = "Longest delay") Duration maxDelay) {
    Limits {
      Require.between("max-batch", maxBatch, 1, 64);
    }
  }

  record Everything(
      Limits limits,
      @Group(inline = true, defaults = "max-batch=2") Limits inlined,
      @Setting(value = "most-central", doc = "Which face") Choice choice,
      @Setting(value = "0.5", doc = "A threshold") double threshold,
      @Setting(value = "9000000000", doc = "Many") long many,
      @Setting(value = "true", doc = "Whether") boolean whether,
      @Setting(value = "/var/lib/facet", doc = "Where") Path data,
      @Setting(value = "a, b", doc = "Names") List<String> names,
      @Setting(doc = "Names of nobody") List<String> nobody,
      @Setting(doc = "Perhaps") Optional<Duration> perhaps,
      @Setting(value = "nothing", doc = "A token", secret = true) String token) {}

  record Needy(@Setting(doc = "The other service") String backend, Limits limits) {}

  record Pin(@Setting(value = "1234", doc = "A secret number", secret = true) int pin) {}

  @Test
  void defaultsAreThoseOfTheRecord() {
    assertThat(Settings.load(Everything.class, Map.of()))
        .isEqualTo(
            new Everything(
                new Limits(8, Duration.ofMillis(5)),
                new Limits(2, Duration.ofMillis(5)),
                Choice.MOST_CENTRAL,
                0.5,
                9_000_000_000L,
                true,
                Path.of("/var/lib/facet"),
                List.of("a", "b"),
                List.of(),
                Optional.empty(),
                "nothing"));
  }

  @Test
  void argumentBeatsEnvironmentBeatsFileBeatsDefault(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "limits.max-batch=3\nlimits.max-delay=3s\n");
    String config = file.toString();
    Map<String, String> environment = Map.of("FACET_LIMITS_MAX_BATCH", "4");
    assertThat(load(Map.of()).limits().maxBatch()).isEqualTo(8);
    assertThat(load(Map.of(), "--config", config).limits().maxBatch()).isEqualTo(3);
    assertThat(load(environment, "--config", config).limits().maxBatch()).isEqualTo(4);
    Limits all = load(environment, "--config", config, "limits.max-batch=5").limits();
    assertThat(all).isEqualTo(new Limits(5, Duration.ofSeconds(3)));
  }

  @Test
  void durationsAreWrittenWithTheirUnit() {
    assertThat(load(Map.of(), "perhaps=250ms").perhaps()).contains(Duration.ofMillis(250));
    assertThat(load(Map.of(), "perhaps=2m").perhaps()).contains(Duration.ofMinutes(2));
    assertThat(load(Map.of(), "perhaps=7d").perhaps()).contains(Duration.ofDays(7));
    assertThat(problems(Everything.class, "perhaps=250"))
        .containsExactly(
            "perhaps = \"250\" (argument) is not a duration such as 250ms, 5s, 2m, 1h or 7d");
  }

  @Test
  void allProblemsAreToldAtOnce(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("my.properties"), "chioce=all\nmany=1e9\n");
    assertThat(
            problems(
                Everything.class,
                "--config",
                file.toString(),
                "limits.max-batch=100",
                "threshold=NaN",
                "limit.max-delay=1s",
                "whether=yes",
                "choice=largest",
                "banana"))
        .containsExactly(
            "file \"" + file + "\": \"chioce\" is not a setting; did you mean \"choice\"?",
            "argument: \"limit.max-delay\" is not a setting; did you mean \"limits.max-delay\"?",
            "argument \"banana\" is neither key=value nor --config FILE",
            "limits: max-batch 100 is not between 1 and 64",
            "choice = \"largest\" (argument) is none of all, most-central",
            "threshold = \"NaN\" (argument) is not a finite number",
            "many = \"1e9\" (file) is not a whole number",
            "whether = \"yes\" (argument) is neither true nor false");
  }

  @Test
  void settingWithoutADefaultMustBeSet() {
    assertThat(problems(Needy.class)).containsExactly("backend must be set: The other service");
    assertThat(problems(Needy.class, "backend= ")).containsExactly("backend is blank (argument)");
  }

  @Test
  void missingFileIsAProblem() {
    assertThat(problems(Everything.class, "--config", "/no/such/file"))
        .singleElement()
        .asString()
        .contains("/no/such/file");
    assertThat(problems(Everything.class, "--config"))
        .containsExactly("--config needs the name of a file after it");
  }

  @Test
  void unknownVariablesAreNotRefused() {
    assertThat(load(Map.of("FACET_SERVICE_HOST", "10.0.0.1", "HOME", "/root")))
        .isEqualTo(load(Map.of()));
  }

  @Test
  void secretsAppearInNoProblem() {
    assertThat(problems(Pin.class, "pin=hunter2"))
        .containsExactly("pin = \"****\" (argument) has the wrong form");
    assertThat(problems(Pin.class, "--pin=hunter2").toString()).doesNotContain("hunter2");
  }

  @Test
  void secretsAreMaskedInTheLog() {
    try (CapturedLog log = CapturedLog.of(Settings.class)) {
      load(Map.of(), "token=hunter2", "many=7");
      assertThat(log.text())
          .contains("token = **** (argument)", "many = 7 (argument)", "max-batch = 2 (default)")
          .doesNotContain("hunter2");
    }
  }

  @Test
  void tableShowsEveryKnob() {
    assertThat(Settings.table(Needy.class))
        .isEqualTo(
            """
            | key | default | unit | meaning |
            |---|---|---|---|
            | `backend` |  |  | The other service |
            | `limits.max-batch` | `8` | items | Largest batch |
            | `limits.max-delay` | `5ms` |  | Longest delay |
            """);
  }

  @Test
  void recordsThatAreNoSettingsAreMistakesOfTheProgrammer() {
    record Bare(int number) {}
    record Odd(@Setting(value = "1", doc = "A set") java.util.Set<String> set) {}
    record Twins(@Setting(value = "1", doc = "One") int aB, @Group(inline = true) Inner inner) {
      record Inner(@Group A a) {}

      record A(@Setting(value = "1", doc = "Other") int b) {}
    }
    assertThatThrownBy(() -> Settings.load(Bare.class, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("lacks @Setting");
    assertThatThrownBy(() -> Settings.load(Odd.class, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Set");
    assertThatThrownBy(() -> Settings.load(Twins.class, Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("share a variable");
  }

  private static Everything load(Map<String, String> environment, String... args) {
    return Settings.load(Everything.class, environment, args);
  }

  private static List<String> problems(Class<? extends Record> type, String... args) {
    return catchThrowableOfType(SettingsException.class, () -> Settings.load(type, Map.of(), args))
        .problems();
  }
}
