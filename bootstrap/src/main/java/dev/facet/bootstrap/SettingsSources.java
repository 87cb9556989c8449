package dev.facet.bootstrap;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the texts of settings come from: arguments, environment and one file, in this order. */
final class SettingsSources {
  private static final Logger log = LoggerFactory.getLogger(SettingsSources.class);

  private final Map<String, Knob> knobs;
  private final List<String> problems;
  private final Map<String, String> arguments = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> file = new HashMap<>();

  /** A text and the name of the source it was found in. */
  record Found(String text, String source) {}

  /** Reads all sources and adds what is wrong with them to the problems. */
  SettingsSources(
      Map<String, Knob> knobs,
      Map<String, String> environment,
      List<String> args,
      List<String> problems) {
    this.knobs = knobs;
    this.problems = problems;
    readEnvironment(environment);
    readArguments(args);
  }

  Found find(Knob knob) {
    return Optional.<Found>empty()
        .or(() -> found(arguments, knob, "argument"))
        .or(() -> found(environment, knob, "environment"))
        .or(() -> found(file, knob, "file"))
        .orElseGet(() -> new Found(knob.standard(), "default"));
  }

  private static Optional<Found> found(Map<String, String> source, Knob knob, String name) {
    return Optional.ofNullable(source.get(knob.key())).map(text -> new Found(text, name));
  }

  private void readArguments(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      int equals = arg.indexOf('=');
      if (arg.equals("--config")) {
        if (i + 1 < args.size()) {
          readFile(args.get(++i));
        } else {
          problems.add("--config needs the name of a file after it");
        }
      } else if (equals > 0 && !arg.startsWith("-")) {
        accept(arguments, "argument", arg.substring(0, equals), arg.substring(equals + 1));
      } else {
        // The text before '=' only: what follows may be a secret.
        problems.add(
            "argument \"%s\" is neither key=value nor --config FILE"
                .formatted(equals > 0 ? arg.substring(0, equals) : arg));
      }
    }
  }

  private void readFile(String name) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(name))) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("file \"%s\" cannot be read as properties (%s)".formatted(name, e));
    }
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      accept(file, "file \"" + name + "\"", key, properties.getProperty(key));
    }
  }

  private void accept(Map<String, String> source, String name, String key, String text) {
    if (knobs.containsKey(key)) {
      source.put(key, text.strip());
    } else {
      problems.add("%s: \"%s\" is not a setting%s".formatted(name, key, meant(key)));
    }
  }

  private String meant(String key) {
    return Spelling.nearest(key, knobs.keySet())
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElse("");
  }

  /** Unknown variables are told, not refused: orchestrators put their own beside ours. */
  private void readEnvironment(Map<String, String> variables) {
    Map<String, Knob> named = new HashMap<>();
    for (Knob knob : knobs.values()) {
      Knob twin = named.put(knob.environmentName(), knob);
      if (twin != null) {
        throw new IllegalStateException(knob.key() + " and " + twin.key() + " share a variable");
      }
    }
    List<String> unknown = new ArrayList<>();
    variables.forEach(
        (name, text) -> {
          Knob knob = named.get(name);
          if (knob != null) {
            environment.put(knob.key(), text.strip());
          } else if (name.startsWith(Knob.ENVIRONMENT_PREFIX)) {
            unknown.add(name);
          }
        });
    if (!unknown.isEmpty()) {
      log.info("Environment variables that are no settings here: {}", new TreeSet<>(unknown));
    }
  }
}
