package dev.facet.cli;

import dev.facet.models.Catalogue;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where model files come from and where they are kept. */
final class ModelStoreOptions {

  @Option(
      names = "--mirror",
      paramLabel = "DIR",
      defaultValue = "${env:FACET_MODELS_MIRROR}",
      description =
          "Folder asked for model files before the network (default: $FACET_MODELS_MIRROR).")
  private Optional<Path> mirror = Optional.empty();

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      defaultValue = "${env:FACET_MODELS_CACHE}",
      description =
          "Folder that keeps them (default: $FACET_MODELS_CACHE, or else facet/models in the"
              + " user's cache).")
  private Optional<Path> cache = Optional.empty();

  Optional<Path> mirror() {
    return mirror.filter(folder -> !folder.toString().isEmpty()).map(Path::toAbsolutePath);
  }

  Path cache() {
    return cache
        .filter(folder -> !folder.toString().isEmpty())
        .map(Path::toAbsolutePath)
        .orElseGet(
            () ->
                ModelStore.defaultCache(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  ModelStore store() {
    return new ModelStore(Catalogue.bundled(), cache(), mirror());
  }

  /**
   * Brings a model onto this machine, with a bar.
   *
   * @throws dev.facet.models.ModelException when it cannot be had
   */
  static Path fetch(ModelStore store, ModelRecord model, Console console) {
    try (ProgressBar bar = console.progress("fetching " + model.name(), model.bytes())) {
      return store.fetch(
          model.name(),
          (done, total) -> {
            // One report of everything says that it is there already.
            if (done < total) {
              bar.to(done);
            }
          });
    }
  }
}
