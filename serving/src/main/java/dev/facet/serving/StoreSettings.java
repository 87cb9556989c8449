package dev.facet.serving;

import dev.facet.bootstrap.Exposure;
import dev.facet.bootstrap.Setting;
import dev.facet.models.ModelStore;
import dev.facet.models.StorePlaces;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the files of models are, and who may have further models loaded from them. */
public record StoreSettings(
    @Setting(doc = "Folder of model files and their served forms; the user's cache when unset")
        Optional<Path> cache,
    @Setting(doc = "Folder with copies of the published files, asked before the network")
        Optional<Path> mirror,
    @Setting(
            value = "mirror,upstream,registry",
            doc =
                "Kinds of sources asked for files that are not cached: mirror, upstream (https),"
                    + " registry (pip and npm)")
        List<String> sources,
    @Setting(
            doc =
                "A catalogue file whose entries are added to the bundled ones; the user's own when"
                    + " unset")
        Optional<Path> catalogue,
    @Setting(
            value = "loopback",
            doc =
                "Whether models are loaded and unloaded on call: always, never, or on a loopback"
                    + " address only")
        Exposure hotLoad) {

  public StoreSettings {
    StorePlaces.kinds(sources);
  }

  /** The models as the catalogue describes them now. */
  ModelStore open() {
    return ModelStore.open(StorePlaces.of(catalogue, cache, mirror, sources));
  }
}
