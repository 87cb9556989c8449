package dev.facet.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalogue file of a user, to which entries are added.
 *
 * <p>A new file stands beside the old one, is read back and compared, and takes its place in one
 * step: whatever goes wrong, the old one is as it was. What people wrote into it, comments and
 * spacing, is kept when an entry is added; where one is replaced, the file is written anew.
 */
public final class UserCatalogue {

  private static final Pattern FIRST_ENTRY =
      Pattern.compile("(?m)^models:[^\\n]*\\n(?:\\s*#[^\\n]*\\n|\\s*\\n)*( *)- ");

  private final Path file;

  /**
   * @param file made, with its folder, by the first entry
   */
  public UserCatalogue(Path file) {
    this.file = file.toAbsolutePath();
  }

  public Path file() {
    return file;
  }

  /**
   * The entries there are.
   *
   * @throws CatalogueException if the file is there and is no catalogue
   */
  public List<ModelRecord> models() {
    return Files.exists(file) ? Catalogue.read(file).models() : List.of();
  }

  /**
   * Adds an entry.
   *
   * @param replace whether it may take the place of one that has its name
   * @throws CatalogueException if there is an entry of that name and it may not, or the file is no
   *     catalogue as it stands
   * @throws ModelCacheException if the file cannot be written
   */
  public void add(ModelRecord model, boolean replace) {
    try {
      Path folder = Files.createDirectories(file.resolveSibling(""));
      try (CacheLock _ = CacheLock.on(folder)) {
        List<ModelRecord> before = models();
        List<ModelRecord> after = new ArrayList<>(before);
        after.removeIf(entry -> entry.name().equals(model.name()));
        boolean replaces = after.size() < before.size();
        if (replaces && !replace) {
          throw new CatalogueException("%s has a model %s already".formatted(file, model.name()));
        }
        after.add(model);
        write(replaces || before.isEmpty() ? CatalogueWriter.write(after) : appended(model, after));
      }
    } catch (IOException e) {
      throw new ModelCacheException("cannot write the catalogue", file, e);
    }
  }

  /** The file as it is with an entry at its end, or written anew if that is not understood. */
  private byte[] appended(ModelRecord model, List<ModelRecord> after) throws IOException {
    String text = Files.readString(file);
    Matcher first = FIRST_ENTRY.matcher(text);
    if (first.find()) {
      String entry = CatalogueWriter.entry(model).indent(first.group(1).length());
      String end = text.endsWith("\n") ? "" : "\n";
      byte[] yaml = (text + end + "\n" + entry).getBytes(StandardCharsets.UTF_8);
      try {
        CatalogueWriter.requireReadsAs(yaml, after);
        return yaml;
      } catch (CatalogueException e) {
        // Written in another of YAML's styles, or followed by something.
        return CatalogueWriter.write(after);
      }
    }
    return CatalogueWriter.write(after);
  }

  private void write(byte[] yaml) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, yaml);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
