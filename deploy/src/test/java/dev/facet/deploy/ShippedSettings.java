package dev.facet.deploy;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The settings of a service and their defaults, as {@code deploy/config} has them; tests of the
 * services hold those files to the code.
 */
final class ShippedSettings {
  static final List<String> SERVICES = List.of("detector", "embedder", "gateway");

  private final Properties properties;

  private ShippedSettings(Properties properties) {
    this.properties = properties;
  }

  /** Of {@code detector}, or of {@code cuda/detector}. */
  static ShippedSettings of(String service) {
    Path file = Repository.ROOT.resolve("deploy/config").resolve(service + ".properties");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ShippedSettings(properties);
  }

  String text(String key) {
    return Objects.requireNonNull(properties.getProperty(key), key);
  }

  int number(String key) {
    return Integer.parseInt(text(key));
  }

  /** A value in seconds, as all are that are asked for here. */
  Duration seconds(String key) {
    return Duration.parse("PT" + text(key).toUpperCase(Locale.ROOT));
  }

  /** Every setting by the name of its variable. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      String name = "FACET_" + key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
      variables.put(name, properties.getProperty(key));
    }
    return variables;
  }
}
