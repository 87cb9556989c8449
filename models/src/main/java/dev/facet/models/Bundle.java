package dev.facet.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder with all that some models need, for machines that reach nothing: their files under the
 * names of the catalogue, so that the folder is a mirror, their licences and their checksums.
 */
public final class Bundle {

  private static final String CHECKSUMS = "SHA256SUMS";
  private static final String CATALOGUE = "catalogue.yaml";

  /**
   * What was written, beside licences and checksums.
   *
   * @param files of the models
   * @param catalogue with the entries that do not come with Facet, if there are any
   */
  public record Frozen(List<Path> files, Optional<Path> catalogue) {

    public Frozen {
      files = List.copyOf(files);
    }
  }

  private final ModelStore store;
  private final Path folder;

  /**
   * @param folder made if it is not there; what it holds under other names stays
   */
  public Bundle(ModelStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /**
   * Fetches the models where they are not cached, and freezes them. Entries that do not come with
   * Facet are written along.
   *
   * @throws ModelException if a model cannot be had, or the folder not be written
   */
  public Frozen freeze(List<String> names, Progress progress) {
    Map<String, String> checksums = new TreeMap<>();
    List<Path> written = new ArrayList<>();
    try {
      Files.createDirectories(folder);
      for (String name : names) {
        ModelRecord model = store.catalogue().model(name);
        List<Path> originals = store.fetch(name, progress);
        for (int i = 0; i < originals.size(); i++) {
          ModelFile file = model.files().get(i);
          requireOneContent(checksums.put(file.file(), file.sha256()), file);
          written.add(copy(originals.get(i), file));
        }
        Files.writeString(folder.resolve("LICENCE-%s.txt".formatted(name)), Licences.text(model));
      }
      writeChecksums(checksums);
      return new Frozen(written, catalogue(names));
    } catch (IOException e) {
      throw new ModelCacheException("cannot write the bundle", folder, e);
    }
  }

  private Optional<Path> catalogue(List<String> names) throws IOException {
    List<ModelRecord> bundled = Catalogue.bundled().models();
    List<ModelRecord> own =
        names.stream()
            .map(store.catalogue()::model)
            .filter(model -> !bundled.contains(model))
            .toList();
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(Files.write(folder.resolve(CATALOGUE), CatalogueWriter.write(own)));
  }

  /** In one step, so that an interrupted bundle holds no half file under a good name. */
  private Path copy(Path original, ModelFile file) throws IOException {
    Path part = folder.resolve(file.file() + ".part");
    Files.copy(original, part, StandardCopyOption.REPLACE_EXISTING);
    return Files.move(
        part,
        folder.resolve(file.file()),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void requireOneContent(@Nullable String before, ModelFile file) {
    if (before != null && !before.equals(file.sha256())) {
      throw new CatalogueException(
          "two models have different files named %s; bundle them apart".formatted(file.file()));
    }
  }

  /** In the form that {@code sha256sum --check} reads. */
  private void writeChecksums(Map<String, String> checksums) throws IOException {
    StringBuilder lines = new StringBuilder();
    checksums.forEach((file, sha256) -> lines.append("%s  %s\n".formatted(sha256, file)));
    Files.writeString(folder.resolve(CHECKSUMS), lines);
  }
}
