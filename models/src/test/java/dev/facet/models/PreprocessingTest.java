package dev.facet.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other people's preprocessing as text of the catalogue, and its hash. */
class PreprocessingTest {

  private static final String TODAY = "box-margin: 0.25";

  /** Vectors are stored under these: a change would part every gallery from its model. */
  @ParameterizedTest
  @CsvSource({
    "yunet, 0db5de73b86415a648850a26acfbf8409de29990aab2cc991e8c204751bad7df",
    "edgeface-xs, 6c801dafc87c8cf5db452685303af4d31ca80b63baacd072d827fa30fd80e3d7",
    "mobilefacenet, 3dd113be230cc58468fa51f0cb113276c2199ed9db2df8be97c2f688e38b1682"
  })
  void hashesOfTheFirstModelsStayAsTheyWere(String name, String sha256) {
    assertThat(Catalogue.bundled().model(name).id().preprocessingSha256()).isEqualTo(sha256);
  }

  /** The notation, spelled out. */
  @Test
  void everyFormHasItsOwnNotation() {
    assertThat(hash("scale: {mean: [0, 0, 0], deviation: [255, 255, 255]}", TODAY))
        .isEqualTo(
            Sha256.of(
                """
                facet-preprocessing-1
                order RGB
                mean [0.0, 0.0, 0.0]
                deviation [255.0, 255.0, 255.0]
                crop 160x160 box-margin 0.25
                """));
    assertThat(hash("standardise: per-image", TODAY))
        .isEqualTo(
            Sha256.of(
                """
                facet-preprocessing-1
                order RGB
                standardise per-image
                crop 160x160 box-margin 0.25
                """));
    assertThat(
            hash(
                "standardise: per-image",
                "box-margin: {fraction: 0.075, shape: square-of-mean-side, shift-down: 0.1, outside: cut-off}"))
        .isEqualTo(
            Sha256.of(
                """
                facet-preprocessing-1
                order RGB
                standardise per-image
                crop 160x160 box-margin 0.075 shape SQUARE_OF_MEAN_SIDE shift-down 0.1 outside CUT_OFF
                """));
  }

  @Test
  void shortAndLongFormOfAMarginAreOne() {
    String all = "box-margin: {fraction: 0.25, shape: as-found, shift-down: 0, outside: black}";

    assertThat(crop(all)).isEqualTo(crop(TODAY));
    assertThat(hash("standardise: per-image", all))
        .isEqualTo(hash("standardise: per-image", TODAY));
  }

  @Test
  void standardisationIsRead() {
    assertThat(record("standardise: per-image", TODAY).pixels().normalisation())
        .isEqualTo(Standardisation.PER_IMAGE);
    assertThat(record("scale: {mean: [0, 0, 0], deviation: [255, 255, 255]}", TODAY).pixels())
        .extracting(Pixels::normalisation)
        .isEqualTo(new PixelScale(List.of(0.0, 0.0, 0.0), List.of(255.0, 255.0, 255.0)));
  }

  /** facenet-pytorch's margin of 14 pixels in a crop of 160, and a factor of 1.15 on the side. */
  @Test
  void marginsOfReferencesAreFractionsPerSide() {
    Alignment.BoxMargin facenet = new Alignment.BoxMargin(14.0 / (160 - 14) / 2);
    Alignment.BoxMargin faceAll = new Alignment.BoxMargin((1.15 - 1) / 2);

    assertThat(100 * (1 + facenet.total()) * 146 / 160).isEqualTo(100);
    assertThat((float) (1 + faceAll.total())).isEqualTo(1.15f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "standardise: per-image | '' | either a scale or standardise",
        "standardise: per-image | scale: {mean: [1, 2, 3], deviation: [4, 5, 6]}, standardise: per-image | either a scale or standardise",
        "standardise: per-image | standardise: per-batch | per-batch",
        "standardise: per-image | standardise: per-image, gamma: 2 | 'gamma'",
        "order: rgb, | '' | pixels.order must be given",
        "fraction: 0.1 | fraction: 3 | alignment.box-margin must be 0 to 2",
        "shift-down: 0 | shift-down: 1.5 | shift-down must be -1 to 1",
        "shape: as-found | shape: round | round",
        "outside: black | outside: grey | grey",
        "outside: black | '' | Missing creator property 'outside'",
      })
  void brokenRuleIsNamed(String original, String broken, String complaint) {
    String yaml =
        entry(
            "standardise: per-image",
            "box-margin: {fraction: 0.1, shape: as-found, shift-down: 0, outside: black}");
    assertThat(yaml).contains(original);

    assertThatThrownBy(
            () -> CatalogueReader.read(yaml.replace(original, broken).getBytes(UTF_8), "mine.yaml"))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining(complaint);
  }

  private static String hash(String pixels, String alignment) {
    return record(pixels, alignment).id().preprocessingSha256();
  }

  private static CropGeometry crop(String alignment) {
    return ((Task.Embedding) record("standardise: per-image", alignment).task()).crop();
  }

  private static ModelRecord record(String pixels, String alignment) {
    return CatalogueReader.read(entry(pixels, alignment).getBytes(UTF_8), "test").model("tiny");
  }

  private static String entry(String pixels, String alignment) {
    return """
    models:
    - name: tiny
      version: "1"
      architecture: onnx
      files:
      - file: tiny.onnx
        sha256: 0000000000000000000000000000000000000000000000000000000000000001
        bytes: 100
        sources: [{mirror: tiny.onnx}]
      licence: {spdx: MIT, attribution: nobody}
      provenance: made up
      pixels: {order: rgb, %s}
      task:
        embedder:
          dimension: 8
          match-threshold: 1.5
          crop: {width: 160, height: 160, alignment: {%s}}
    """
        .formatted(pixels, alignment);
  }
}
