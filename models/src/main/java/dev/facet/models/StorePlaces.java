package dev.facet.models;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where models are described, looked for and kept, as settings name it.
 *
 * @param catalogue a file whose entries are added to the bundled ones; the user's own, if there is
 *     one, when empty
 * @param cache the user's own when empty
 * @param mirror a directory with files under their catalogue names
 * @param sources the kinds of sources that may be asked for a file that is not cached
 */
public record StorePlaces(
    Optional<Path> catalogue,
    Optional<Path> cache,
    Optional<Path> mirror,
    Set<Source.Kind> sources) {

  public StorePlaces {
    sources = Set.copyOf(sources);
  }

  /**
   * The same from the words of a setting.
   *
   * @param kinds some of {@code mirror}, {@code upstream} and {@code registry}
   * @throws IllegalArgumentException if there is another word
   */
  public static StorePlaces of(
      Optional<Path> catalogue, Optional<Path> cache, Optional<Path> mirror, List<String> kinds) {
    return new StorePlaces(catalogue, cache, mirror, kinds(kinds));
  }

  /** Reads the words for kinds of sources; see {@link #of}. */
  public static Set<Source.Kind> kinds(List<String> words) {
    Set<Source.Kind> kinds = EnumSet.noneOf(Source.Kind.class);
    for (String word : words) {
      kinds.add(
          EnumSet.allOf(Source.Kind.class).stream()
              .filter(kind -> word(kind).equals(word))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "sources must be some of %s, not '%s'"
                              .formatted(
                                  EnumSet.allOf(Source.Kind.class).stream()
                                      .map(StorePlaces::word)
                                      .collect(Collectors.joining(", ")),
                                  word))));
    }
    return kinds;
  }

  private static String word(Source.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The bundled catalogue with the user's entries before it. */
  Catalogue allModels() {
    Catalogue bundled = Catalogue.bundled();
    return catalogue
        .or(() -> Optional.of(catalogueFile()).filter(Files::exists))
        .map(Catalogue::read)
        .map(bundled::overriddenBy)
        .orElse(bundled);
  }

  /** The file whose entries are added, whether it is there or not. */
  public Path catalogueFile() {
    return catalogue.orElseGet(() -> userCatalogue(System.getenv(), home()));
  }

  /** Where files are kept. */
  public Path cacheFolder() {
    return cache.orElseGet(() -> userCache(System.getenv(), home()));
  }

  /** {@code facet/models} in the user's cache directory, after the XDG base directory rules. */
  static Path userCache(Map<String, String> environment, Path home) {
    return xdg(environment, "XDG_CACHE_HOME", home.resolve(".cache")).resolve("models");
  }

  /** {@code facet/catalogue.yaml} in the user's configuration directory, after the same rules. */
  public static Path userCatalogue(Map<String, String> environment, Path home) {
    return xdg(environment, "XDG_CONFIG_HOME", home.resolve(".config")).resolve("catalogue.yaml");
  }

  private static Path xdg(Map<String, String> environment, String variable, Path standard) {
    String set = environment.getOrDefault(variable, "");
    // The rules say that a relative path is to be ignored.
    return (Path.of(set).isAbsolute() ? Path.of(set) : standard).resolve("facet");
  }

  private static Path home() {
    return Path.of(System.getProperty("user.home"));
  }
}
