package dev.facet.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {

  private static final byte[] FILE = {1, 2, 3};

  @TempDir Path directory;

  @Test
  void bundleIsAMirrorWithLicencesAndChecksums() throws Exception {
    Path mirror = Files.createDirectory(directory.resolve("mirror"));
    Files.write(mirror.resolve("tiny.onnx"), FILE);
    Path folder = directory.resolve("bundle");

    Bundle.Frozen frozen =
        new Bundle(store("first", mirror), folder).freeze(List.of("tiny"), Progress.NONE);

    assertThat(frozen.files()).containsExactly(folder.resolve("tiny.onnx"));
    assertThat(folder.resolve("SHA256SUMS")).hasContent(Sha256.of(FILE) + "  tiny.onnx\n");
    assertThat(folder.resolve("LICENCE-tiny.txt"))
        .content()
        .contains(
            "made up for this test", "nobody", "Licence: MIT", "WITHOUT WARRANTY OF ANY KIND");
    assertThat(store("second", folder).fetch("tiny", Progress.NONE).getFirst())
        .hasBinaryContent(FILE);
  }

  @Test
  void entriesThatDoNotComeWithFacetGoAlong() throws Exception {
    Path mirror = Files.createDirectory(directory.resolve("mirror"));
    Files.write(mirror.resolve("tiny.onnx"), FILE);
    ModelStore store = store("first", mirror);
    Path folder = directory.resolve("bundle");

    Bundle.Frozen frozen = new Bundle(store, folder).freeze(List.of("tiny"), Progress.NONE);

    assertThat(frozen.catalogue()).contains(folder.resolve("catalogue.yaml"));
    assertThat(Catalogue.read(folder.resolve("catalogue.yaml"))).isEqualTo(store.catalogue());
  }

  @Test
  void bundledEntriesNeedNoCatalogue() {
    Path mirror = Shared.models();
    ModelStore store =
        new ModelStore(Catalogue.bundled(), directory.resolve("cache"), Optional.of(mirror));
    Path folder = directory.resolve("bundle");

    Bundle.Frozen frozen = new Bundle(store, folder).freeze(List.of("yunet"), Progress.NONE);

    assertThat(frozen.catalogue()).isEmpty();
    assertThat(folder.resolve("catalogue.yaml")).doesNotExist();
  }

  private ModelStore store(String cache, Path mirror) {
    Catalogue catalogue =
        TinyModel.catalogue(Sha256.of(FILE), FILE.length, new Source.Mirror("tiny.onnx"));
    return new ModelStore(catalogue, directory.resolve(cache), Optional.of(mirror));
  }
}
