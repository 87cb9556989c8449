package dev.facet.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.graph.PixelScale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {

  private static final String ENTRY =
      """
      models:
      - name: tiny
        version: "1"
        architecture: onnx
        files:
        - file: tiny.onnx
          sha256: 0000000000000000000000000000000000000000000000000000000000000001
          bytes: 100
          sources: [{mirror: tiny.onnx}, {https: https://example.org/tiny.onnx}]
        licence: {spdx: MIT, attribution: nobody}
        provenance: made up
        pixels:
          order: bgr
          scale: {mean: [1, 2, 3], deviation: [4, 5, 6]}
        task:
          embedder:
            dimension: 8
            match-threshold: 1.5
            crop: {width: 160, height: 128, alignment: {box-margin: 0.25}}
      """;

  @Test
  void bundledCatalogueHasTheModelsInOrderOfPreference() {
    Catalogue catalogue = Catalogue.bundled();

    assertThat(catalogue.detectors())
        .extracting(ModelRecord::name)
        .containsExactly("yunet", "mtcnn");
    assertThat(catalogue.embedders())
        .extracting(ModelRecord::name)
        .containsExactly(
            "edgeface-xs",
            "mobilefacenet",
            "dlib-resnet",
            "facenet",
            "facenet-unit-range",
            "edgeface-s-gamma-05");
  }

  @Test
  void bundledThresholdsAndGeometryAreTheMeasuredOnes() {
    Task.Embedding edgeface = embedding(Catalogue.bundled().model("edgeface-xs"));
    Task.Embedding mobilefacenet = embedding(Catalogue.bundled().model("mobilefacenet"));

    assertThat(edgeface.matchThreshold()).isEqualTo(1.25);
    assertThat(edgeface.dimension()).isEqualTo(512);
    assertThat(mobilefacenet.matchThreshold()).isEqualTo(1.13);
    assertThat(mobilefacenet.dimension()).isEqualTo(128);
    assertThat(edgeface.crop()).isEqualTo(mobilefacenet.crop());
    assertThat(edgeface.crop().alignment())
        .isInstanceOfSatisfying(
            Alignment.Template.class,
            template ->
                assertThat(template.nose()).isEqualTo(new Alignment.Point(56.0252, 71.7366)));
  }

  @Test
  void everyFieldOfAnEntryIsRead() {
    ModelRecord tiny = CatalogueReader.read(ENTRY.getBytes(UTF_8), "test").model("tiny");

    assertThat(tiny.files().getFirst().sources())
        .hasSize(2)
        .first()
        .isEqualTo(new Source.Mirror("tiny.onnx"));
    assertThat(tiny.pixels().normalisation())
        .isEqualTo(new PixelScale(List.of(1.0, 2.0, 3.0), List.of(4.0, 5.0, 6.0)));
    assertThat(embedding(tiny).crop())
        .isEqualTo(new CropGeometry(160, 128, new Alignment.BoxMargin(0.25)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: tiny | name: ../tiny | name must match",
        "version: \"1\" | version: 1/2 | version must match",
        "architecture: onnx | architecture: vgg | architecture 'vgg' is unknown; known are mtcnn",
        "architecture: onnx | architecture: mtcnn | files of architecture mtcnn must be 3",
        "file: tiny.onnx | file: ../../tiny.onnx | file must be a plain file name",
        "0000001 | 000000G | sha256 must be 64",
        "bytes: 100 | bytes: 0 | bytes must be 1 to",
        "bytes: 100 | bytes: 536870913 | bytes must be 1 to",
        "bytes: 100 | bytes: 1.5 | 1.5",
        "bytes: 100 | bytes: at most 0 | bytes must be a number or",
        "bytes: 100 | bytes: about 5 | bytes must be a number or",
        "spdx: MIT | spdx: as you like | licence.spdx must be",
        "attribution: nobody | attribution: '' | licence.attribution must be given",
        "provenance: made up | provenance: '' | provenance must be given",
        "{mirror: tiny.onnx} | {mirror: /etc/passwd} | sources.mirror must be a plain file name",
        "https://example.org | http://example.org | sources.https must be an https address",
        "https://example.org | https://me:secret@example.org | without user or password",
        "https: https | ftp: https | 'ftp'",
        "order: bgr | order: gbr | gbr",
        "[1, 2, 3] | [1, 2] | need three numbers each",
        "[1, 2, 3] | [1, 2, 1e999] | mean must be finite",
        "[4, 5, 6] | [4, 0, 6] | deviation must be positive",
        "embedder: | sorter: | 'sorter'",
        "dimension: 8 | dimension: 1 | embedder.dimension must be",
        "dimension: 8 | dimension: eight | eight",
        "match-threshold: 1.5 | match-threshold: 4 | embedder.match-threshold must be",
        "width: 160 | width: 8 | crop.width must be",
        "height: 128 | height: 2000 | crop.height must be",
        "box-margin: 0.25 | box-margin: -1 | alignment.box-margin must be",
        "width: 160 | width: 160, colour: 1 | 'colour'",
        "width: 160 | width: 160, width: 161 | Duplicate field 'width'",
        "spdx: MIT, | '' | Missing creator property 'spdx'",
        "file: tiny.onnx | file: | Null value for creator property 'file'",
        "[{mirror: tiny.onnx}, {https: https://example.org/tiny.onnx}] | [] | name at least one",
      })
  void brokenRuleIsNamed(String original, String broken, String complaint) {
    assertThat(ENTRY).contains(original);
    byte[] yaml = ENTRY.replace(original, broken).getBytes(UTF_8);

    assertThatThrownBy(() -> CatalogueReader.read(yaml, "mine.yaml"))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("mine.yaml, line ")
        .hasMessageContaining(complaint);
  }

  @Test
  void templateOutsideTheCropIsRefused() {
    Alignment.Point inside = new Alignment.Point(10, 10);
    Alignment.Template template =
        new Alignment.Template(inside, inside, new Alignment.Point(10, 113), inside, inside);

    assertThatThrownBy(() -> new CropGeometry(112, 112, template))
        .hasMessageContaining("must lie in the crop")
        .hasMessageContaining("113");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.5, 0.5, detector.yunet.side-multiple",
    "32, 0, 0.5, detector.yunet.score-threshold",
    "32, NaN, 0.5, detector.yunet.score-threshold",
    "32, 0.5, 1, detector.yunet.overlap-threshold"
  })
  void brokenDetectorRuleIsNamed(int multiple, double score, double overlap, String field) {
    assertThatThrownBy(() -> new DetectorNetwork.YuNet(multiple, score, overlap))
        .hasMessageContaining(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "models:",
        "[]",
        "{}",
        "garbage",
        "\0\1",
        "models: [*a]",
        "a: &a {b: *a}",
        "- :"
      })
  void fileThatIsNoCatalogueIsRefused(String yaml) {
    assertThatThrownBy(() -> CatalogueReader.read(yaml.getBytes(UTF_8), "mine.yaml"))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("mine.yaml");
  }

  @Test
  void deeplyNestedFileIsRefused() {
    byte[] yaml = ("models: " + "[".repeat(500_000)).getBytes(UTF_8);

    assertThatThrownBy(() -> CatalogueReader.read(yaml, "mine.yaml"))
        .isInstanceOf(CatalogueException.class);
  }

  @Test
  void hugeFileIsRefusedUnread(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("huge.yaml"), "# ".repeat(1 << 20));

    assertThatThrownBy(() -> Catalogue.read(file))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void absentFileIsRefusedByName(@TempDir Path directory) {
    assertThatThrownBy(() -> Catalogue.read(directory.resolve("none.yaml")))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("none.yaml");
  }

  @Test
  void twoModelsOfOneNameAreRefused() {
    ModelRecord tiny = CatalogueReader.read(ENTRY.getBytes(UTF_8), "test").model("tiny");

    assertThatThrownBy(() -> new Catalogue(Collections.nCopies(2, tiny)))
        .hasMessageContaining("unique")
        .hasMessageContaining("tiny");
  }

  @Test
  void userEntriesComeFirstAndReplaceBundledOnes(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("mine.yaml"), ENTRY.replace("name: tiny", "name: mobilefacenet"));

    Catalogue merged = Catalogue.bundled().overriddenBy(Catalogue.read(file));

    assertThat(merged.embedders())
        .extracting(ModelRecord::name)
        .startsWith("mobilefacenet", "edgeface-xs", "dlib-resnet");
    assertThat(merged.model("mobilefacenet").files().getFirst().file()).isEqualTo("tiny.onnx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../yunet", "/etc/passwd", "yunet\0", "", "YUNET"})
  void unknownNameIsRefusedWithTheKnownOnes(String name) {
    assertThatThrownBy(() -> Catalogue.bundled().model(name))
        .isInstanceOf(UnknownModelException.class)
        .hasMessageContaining("yunet, mtcnn, edgeface-xs, mobilefacenet");
  }

  @Test
  void identityChangesWithAnythingThatChangesVectors() {
    ModelRecord tiny = CatalogueReader.read(ENTRY.getBytes(UTF_8), "test").model("tiny");
    String id = tiny.id().preprocessingSha256();

    for (String[] change :
        new String[][] {
          {"order: bgr", "order: rgb"},
          {"[1, 2, 3]", "[1, 2, 4]"},
          {"[4, 5, 6]", "[4, 5, 7]"},
          {"width: 160", "width: 161"},
          {"box-margin: 0.25", "box-margin: 0.3"}
        }) {
      byte[] yaml = ENTRY.replace(change[0], change[1]).getBytes(UTF_8);
      assertThat(CatalogueReader.read(yaml, "test").model("tiny").id().preprocessingSha256())
          .as(change[1])
          .isNotEqualTo(id);
    }
  }

  @Test
  void identityDoesNotChangeWithThresholds() {
    byte[] yaml = ENTRY.replace("match-threshold: 1.5", "match-threshold: 1.4").getBytes(UTF_8);

    assertThat(CatalogueReader.read(yaml, "test").model("tiny").id())
        .isEqualTo(CatalogueReader.read(ENTRY.getBytes(UTF_8), "test").model("tiny").id());
  }

  /** Collections are bound to these hashes: if this fails, stored vectors become unusable. */
  @Test
  void identitiesOfBundledModelsStayWhatTheyAre() {
    assertThat(Catalogue.bundled().model("edgeface-xs").id().preprocessingSha256())
        .isEqualTo("6c801dafc87c8cf5db452685303af4d31ca80b63baacd072d827fa30fd80e3d7");
    assertThat(Catalogue.bundled().model("mobilefacenet").id().preprocessingSha256())
        .startsWith("3dd113be230cc584");
  }

  private static Task.Embedding embedding(ModelRecord model) {
    return (Task.Embedding) model.task();
  }
}
