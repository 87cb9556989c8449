package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** K02: the chart, rendered by Helm itself, is the overlays object by object. */
class ChartTest {
  private static final Path CHART = Repository.ROOT.resolve("deploy/chart");
  private static final JsonMapper SORTED =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /** What kustomize and the chart put behind a ConfigMap's name, each by its own digest. */
  private static final String DIGEST = "\"(detector|embedder|gateway|milvus-etcd)-[0-9a-z]{10}\"";

  @SuppressWarnings("unused") // the parameters of a test
  private static final List<String> OVERLAYS = Kustomize.OVERLAYS;

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void chartIsTheOverlay(String overlay) {
    Map<String, String> chart = objects(Manifest.parse(template(overlay).call()));
    Map<String, String> expected = objects(Kustomize.overlay(overlay));

    assertThat(chart).containsOnlyKeys(expected.keySet());
    expected.forEach((name, object) -> assertThat(chart.get(name)).as(name).isEqualTo(object));
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void chartIsValid(String overlay) {
    for (Manifest manifest : Manifest.parse(template(overlay).call())) {
      assertThat(ApiSchemas.complaints(manifest)).as("%s", manifest).isEmpty();
    }
  }

  @Test
  void lintHasNothingToSay() {
    LintResult result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "detector.memory, 4Gi, Deployment/detector, 4Gi",
    "autoscaling.embedder, 3, HorizontalPodAutoscaler/embedder, 3",
    "detector.settings.FACET_BATCH_MAX, 2, ConfigMap/detector, FACET_BATCH_MAX",
    "stores.postgres.volume, 7Gi, StatefulSet/postgres, 7Gi"
  })
  void valuesReachTheirObjects(String value, String text, String object, String seen) {
    Map<String, String> changed = objects(Manifest.parse(template("cpu").set(value, text).call()));

    assertThat(changed.get(object)).contains(seen);
  }

  @Test
  void aChangedSettingRollsThePods() {
    String before = named(Manifest.parse(template("cpu").call()));
    String after =
        named(Manifest.parse(template("cpu").set("detector.settings.FACET_BATCH_MAX", "2").call()));

    assertThat(after).startsWith("detector-").isNotEqualTo(before);
  }

  private static String named(List<Manifest> manifests) {
    Manifest detector = new Deployed(manifests).workload("detector");
    return detector.at("/spec/template/spec/containers/0/envFrom/0/configMapRef/name").asText();
  }

  private static TemplateCommand template(String overlay) {
    TemplateCommand command =
        new Helm(CHART)
            .template()
            .withName("facet")
            .withNamespace("facet")
            .withKubeVersion("1.34.4");
    return overlay.equals("laptop")
        ? command
        : command.withValuesFile(CHART.resolve("values-" + overlay + ".yaml"));
  }

  /** Every object by kind and name, as text with its fields in order. */
  private static Map<String, String> objects(List<Manifest> manifests) {
    Map<String, String> objects = new TreeMap<>();
    for (Manifest manifest : manifests) {
      if (manifest.kind().equals("Namespace")) {
        continue; // Helm wants it to be there before
      }
      try {
        Object sortable = SORTED.treeToValue(manifest.node(), Object.class);
        String text = SORTED.writeValueAsString(sortable).replaceAll(DIGEST, "\"$1\"");
        objects.put(manifest.kind() + "/" + manifest.name().replaceAll("-[0-9a-z]{10}$", ""), text);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
    return objects;
  }
}
