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

    List<Path> written =
        new Bundle(store("first", mirror), folder)
            .freeze(List.of("tiny"), Optional.empty(), Progress.NONE);

    assertThat(written).containsExactly(folder.resolve("tiny.onnx"));
    assertThat(folder.resolve("SHA256SUMS")).hasContent(Sha256.of(FILE) + "  tiny.onnx\n");
    assertThat(folder.resolve("LICENCE-tiny.txt"))
        .content()
        .contains(
            "made up for this test", "nobody", "Licence: MIT", "WITHOUT WARRANTY OF ANY KIND");
    assertThat(store("second", folder).fetch("tiny", Progress.NONE).getFirst())
        .hasBinaryContent(FILE);
  }

  @Test
  void ownCatalogueGoesAlong() throws Exception {
    Path mirror = Files.createDirectory(directory.resolve("mirror"));
    Files.write(mirror.resolve("tiny.onnx"), FILE);
    Path own = Files.writeString(directory.resolve("own.yaml"), "models: []\n");
    Path folder = directory.resolve("bundle");

    new Bundle(store("first", mirror), folder)
        .freeze(List.of("tiny"), Optional.of(own), Progress.NONE);

    assertThat(folder.resolve("catalogue.yaml")).hasSameTextualContentAs(own);
  }

  private ModelStore store(String cache, Path mirror) {
    Catalogue catalogue =
        TinyModel.catalogue(Sha256.of(FILE), FILE.length, new Source.Mirror("tiny.onnx"));
    return new ModelStore(catalogue, directory.resolve(cache), Optional.of(mirror));
  }
}
