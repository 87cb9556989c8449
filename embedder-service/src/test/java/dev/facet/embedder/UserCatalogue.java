package dev.facet.embedder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.facet.models.Catalogue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user's catalogue file with one model, made from an entry of the bundled catalogue. */
final class UserCatalogue {
  private final Path file;

  UserCatalogue(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Writes the file: a bundled model under another name and version, changed by replacements. */
  void offer(String bundled, String name, String version, String... replacements) {
    String entry =
        entry(bundled)
            .replaceFirst("name: .*", "name: " + name)
            .replaceFirst("version: .*", "version: \"" + version + "\"");
    for (int i = 0; i < replacements.length; i += 2) {
      if (!entry.contains(replacements[i])) {
        throw new IllegalArgumentException("the entry does not have " + replacements[i]);
      }
      entry = entry.replace(replacements[i], replacements[i + 1]);
    }
    try {
      Files.writeString(file, "models:\n" + entry);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String entry(String model) {
    try (InputStream yaml =
        Objects.requireNonNull(Catalogue.class.getResourceAsStream("catalogue.yaml"))) {
      Matcher entry =
          Pattern.compile("(?ms)^  - name: " + model + "$.*?(?=^  - name:|\\z)")
              .matcher(new String(yaml.readAllBytes(), UTF_8));
      if (!entry.find()) {
        throw new IllegalArgumentException("no bundled model " + model);
      }
      return entry.group();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
