package dev.facet.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.Standardisation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCatalogueTest {

  private static final String SHA256 = "0".repeat(63) + "1";

  @TempDir Path directory;

  @Test
  void bundledCatalogueIsReadAsItWasWritten() {
    List<ModelRecord> models = Catalogue.bundled().models();

    byte[] yaml = CatalogueWriter.write(models);

    assertThat(CatalogueReader.read(yaml, "written").models()).isEqualTo(models);
    assertThat(new String(yaml, UTF_8)).contains("order: \"bgr\"", "bytes: \"at most 150000000\"");
  }

  @Test
  void everyShapeOfAnEntryIsReadAsItWasWritten() {
    for (Alignment.Shape shape : Alignment.Shape.values()) {
      for (Alignment.Outside outside : Alignment.Outside.values()) {
        ModelRecord model = model("tiny", "1", new Alignment.BoxMargin(0.25, shape, -0.1, outside));
        assertThat(CatalogueReader.read(CatalogueWriter.write(List.of(model)), "").models())
            .containsExactly(model);
      }
    }
  }

  /** What YAML could take for something else than a string, or for its own signs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "~",
        "yes",
        "1.0",
        "0x1F",
        "2026-01-01",
        "a: b",
        "# none",
        "@home",
        "- dash",
        "*a",
        "'quoted\"",
        "two\nlines",
        " spaces ",
        "{}",
        "[a]",
        "!tag",
        "%",
        "\u0085",
        "Sébastien",
        "&a",
        "trailing:",
        "tab\t",
        "1e3",
        "1_000",
        ".inf",
        "? key"
      })
  void textsAreReadAsTheyWereWritten(String text) {
    ModelRecord tiny = model("tiny", "1", new Alignment.BoxMargin(0));
    ModelRecord model =
        new ModelRecord(
            "tiny",
            "1",
            "onnx",
            tiny.files(),
            new Licence("MIT", text),
            text,
            tiny.pixels(),
            tiny.task());

    assertThat(CatalogueReader.read(CatalogueWriter.write(List.of(model)), "").models())
        .containsExactly(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "2026-01-01", "1e5", "true", "null", "0x10", "on"})
  void versionsAndNamesStayStrings(String version) {
    ModelRecord model = model("no", version, new Alignment.BoxMargin(0));

    assertThat(CatalogueReader.read(CatalogueWriter.write(List.of(model)), "").models())
        .containsExactly(model);
  }

  @Test
  void firstEntryMakesTheFile() {
    UserCatalogue own = new UserCatalogue(directory.resolve("new").resolve("catalogue.yaml"));
    ModelRecord model = model("tiny", "1", new Alignment.BoxMargin(0.1));

    assertThat(own.models()).isEmpty();
    own.add(model, false);

    assertThat(Catalogue.read(own.file()).models()).containsExactly(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void entryIsAddedBehindWhatPeopleWrote(String indent) throws Exception {
    String written =
        "# Mine.\nmodels:\n  # the first\n"
            + CatalogueWriter.entry(model("first", "1", new Alignment.BoxMargin(0)))
                .indent(indent.length())
            + "# the end";
    Path file = Files.writeString(directory.resolve("catalogue.yaml"), written);

    new UserCatalogue(file).add(model("second", "1", new Alignment.BoxMargin(0)), false);

    assertThat(Catalogue.read(file).models())
        .extracting(ModelRecord::name)
        .containsExactly("first", "second");
    assertThat(file).content().startsWith(written);
  }

  @Test
  void fileInAnotherStyleIsWrittenAnew() throws Exception {
    String block = new String(CatalogueWriter.write(List.of(standardised())), UTF_8);
    // A document that ends explicitly cannot be appended to.
    Path file = Files.writeString(directory.resolve("catalogue.yaml"), block + "...\n");

    new UserCatalogue(file).add(model("second", "1", new Alignment.BoxMargin(0)), false);

    assertThat(Catalogue.read(file).models())
        .containsExactly(standardised(), model("second", "1", new Alignment.BoxMargin(0)));
  }

  @Test
  void entryOfTheSameNameIsReplacedOnlyWhenAskedTo() throws Exception {
    UserCatalogue own = new UserCatalogue(directory.resolve("catalogue.yaml"));
    own.add(model("tiny", "1", new Alignment.BoxMargin(0)), false);
    own.add(model("other", "1", new Alignment.BoxMargin(0)), false);
    byte[] before = Files.readAllBytes(own.file());

    assertThatThrownBy(() -> own.add(model("tiny", "2", new Alignment.BoxMargin(0)), false))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("tiny already");
    assertThat(own.file()).hasBinaryContent(before);

    own.add(model("tiny", "2", new Alignment.BoxMargin(0)), true);
    assertThat(own.models())
        .extracting(entry -> entry.name() + " " + entry.version())
        .containsExactly("other 1", "tiny 2");
  }

  @Test
  void brokenFileIsLeftAsItIs() throws Exception {
    Path file = Files.writeString(directory.resolve("catalogue.yaml"), "models: [{name: x}]\n");

    assertThatThrownBy(
            () -> new UserCatalogue(file).add(model("a", "1", new Alignment.BoxMargin(0)), true))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("catalogue.yaml");
    assertThat(file).hasContent("models: [{name: x}]\n");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("catalogue.yaml", "lock");
    }
  }

  private static ModelRecord standardised() {
    ModelRecord tiny = model("tiny", "1", new Alignment.BoxMargin(0));
    return new ModelRecord(
        "white",
        "1",
        "onnx",
        tiny.files(),
        tiny.licence(),
        tiny.provenance(),
        new Pixels(ColourOrder.BGR, Standardisation.PER_IMAGE),
        tiny.task());
  }

  private static ModelRecord model(String name, String version, Alignment alignment) {
    ModelRecord tiny =
        TinyModel.catalogue(SHA256, 100, new Source.Mirror("tiny.onnx")).model("tiny");
    return new ModelRecord(
        name,
        version,
        "onnx",
        tiny.files(),
        tiny.licence(),
        tiny.provenance(),
        tiny.pixels(),
        new Task.Embedding(128, 1.1, new CropGeometry(112, 96, alignment)));
  }
}
