package dev.facet.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One file of a model, as somebody published it.
 *
 * @param file its name, in a mirror and in the cache
 * @param sha256 64 lower-case hexadecimal digits
 * @param sources in order of preference
 */
public record ModelFile(String file, String sha256, FileLength bytes, List<Source> sources) {

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  public ModelFile {
    Rules.requireFileName("files.file", file);
    requireSha256("files.sha256", sha256);
    Rules.require(!sources.isEmpty(), "files.sources must name at least one", sources);
    sources = List.copyOf(sources);
  }

  /**
   * A file that lies on this disk, under a name of its own: its checksum and length as they are,
   * and a mirror as its only source.
   *
   * @throws IOException if it cannot be read
   */
  public static ModelFile of(String name, Path file) throws IOException {
    return new ModelFile(
        name, Sha256.of(file), FileLength.of(Files.size(file)), List.of(new Source.Mirror(name)));
  }

  static void requireSha256(String field, String sha256) {
    Rules.require(
        SHA_256.matcher(sha256).matches(),
        field + " must be 64 lower-case hexadecimal digits",
        sha256);
  }
}
