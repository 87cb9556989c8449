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
   * Fetches the models where they are not cached, and freezes them.
   *
   * @param userCatalogue where entries that are not bundled with Facet stand
   * @return the files written, without their licences
   * @throws ModelException if a model cannot be had, or the folder not be written
   */
  public List<Path> freeze(List<String> names, Optional<Path> userCatalogue, Progress progress) {
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
      if (userCatalogue.isPresent()) {
        Files.copy(
            userCatalogue.get(), folder.resolve(CATALOGUE), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new ModelCacheException("cannot write the bundle", folder, e);
    }
    return written;
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
