package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** K01: every object of every overlay and component is what an API server of 1.34 takes. */
class ManifestsTest {
  private static final List<String> COMPONENTS =
      List.of("milvus", "cloudnative-pg", "keda", "service-monitor", "gateway-api", "tls");

  @SuppressWarnings("unused") // the parameters of a test
  private static final List<String> OVERLAYS = Kustomize.OVERLAYS;

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void overlay_isValid(String overlay) {
    assertValid(Kustomize.overlay(overlay));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void overlayWithEveryComponent_isValid(String overlay) {
    List<Manifest> manifests = Kustomize.render(overlay, COMPONENTS);

    assertValid(manifests);
    assertThat(manifests)
        .extracting(Manifest::kind)
        .contains(
            "Cluster", "ScaledObject", "ServiceMonitor", "Gateway", "GRPCRoute", "Certificate");
  }

  @ParameterizedTest
  @MethodSource("components")
  void componentAlone_isValid(String overlay, String component) {
    assertValid(Kustomize.render(overlay, List.of(component)));
  }

  static Stream<Arguments> components() {
    return Stream.of("cpu", "gpu")
        .flatMap(overlay -> COMPONENTS.stream().map(name -> Arguments.of(overlay, name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "milvus-standalone",
        "milvus-cluster/1m",
        "milvus-cluster/100m",
        "milvus-cluster/1b"
      })
  void milvusOfItsOperator_isValid(String folder) {
    Path path = Repository.ROOT.resolve("deploy/components").resolve(folder);

    assertValid(Kustomize.render(path));
  }

  @Test
  void everyNameIsGivenOnce() {
    for (String overlay : Kustomize.OVERLAYS) {
      Set<String> seen = new HashSet<>();
      for (Manifest manifest : Kustomize.overlay(overlay)) {
        assertThat(seen.add(manifest.toString())).as("%s in %s", manifest, overlay).isTrue();
      }
    }
  }

  @Test
  void unknownField_isCaught() {
    assertCaught(
        deployment -> ((ObjectNode) deployment.at("/spec")).put("minReadySecond", 5),
        "/spec/minReadySecond is no field of this object");
  }

  @Test
  void wrongType_isCaught() {
    assertCaught(
        deployment -> ((ObjectNode) deployment.at("/spec")).put("minReadySeconds", "5"),
        "/spec/minReadySeconds is no integer");
  }

  @Test
  void missingField_isCaught() {
    assertCaught(
        deployment -> ((ObjectNode) deployment.at("/spec")).remove("selector"),
        "/spec/selector is missing");
  }

  @Test
  void fieldDeepInside_isCaught() {
    assertCaught(
        deployment ->
            ((ObjectNode) deployment.at("/spec/template/spec/containers/0/lifecycle/preStop/sleep"))
                .put("minutes", 1),
        "/spec/template/spec/containers/0/lifecycle/preStop/sleep/minutes is no field of this object");
  }

  @Test
  void unknownFieldOfCustomResource_isCaught() {
    Manifest monitor =
        Kustomize.render("cpu", List.of("service-monitor")).stream()
            .filter(manifest -> manifest.kind().equals("ServiceMonitor"))
            .findFirst()
            .orElseThrow();
    ((ObjectNode) monitor.at("/spec/endpoints/0")).put("portName", "admin");

    assertThat(ApiSchemas.complaints(monitor))
        .containsExactly("/spec/endpoints/0/portName is no field of this object");
  }

  private static void assertCaught(Consumer<JsonNode> change, String complaint) {
    JsonNode deployment =
        Kustomize.overlay("cpu").stream()
            .filter(manifest -> manifest.kind().equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .node()
            .deepCopy();
    change.accept(deployment);

    assertThat(ApiSchemas.complaints(new Manifest(deployment))).containsExactly(complaint);
  }

  private static void assertValid(List<Manifest> manifests) {
    assertThat(manifests).isNotEmpty();
    for (Manifest manifest : manifests) {
      assertThat(ApiSchemas.complaints(manifest)).as("%s", manifest).isEmpty();
    }
  }
}
