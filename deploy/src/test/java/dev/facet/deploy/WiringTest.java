package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** K04: ports, paths, variables and names in the manifests are those of the code. */
class WiringTest {
  private static final Pattern ADMIN_PATH = Pattern.compile("case \"(/[a-z]+)\"");
  private static final Pattern PUBLIC_SERVICE = Pattern.compile("(?m)^service (\\w+)");

  @SuppressWarnings("unused") // the parameters of the tests
  private static final List<String> OVERLAYS = Kustomize.OVERLAYS;

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void portsAreTheSettings(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    for (Manifest service : deployed.services()) {
      ShippedSettings settings = ShippedSettings.of(service.name());
      JsonNode container = Deployed.container(service);
      assertThat(port(container, "grpc")).isEqualTo(settings.number("grpc.port"));
      assertThat(port(container, "admin")).isEqualTo(settings.number("admin.port"));
      JsonNode door = deployed.one("Service", service.name()).at("/spec/ports/0");
      assertThat(door.path("port").asInt()).isEqualTo(settings.number("grpc.port"));
      assertThat(door.path("targetPort").asText()).isEqualTo("grpc");
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void probesAskWhatTheAdminPortAnswers(String overlay) {
    Set<String> answered =
        ADMIN_PATH
            .matcher(read("bootstrap/src/main/java/dev/facet/bootstrap/AdminServer.java"))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());
    for (Manifest service : Deployed.overlay(overlay).services()) {
      JsonNode container = Deployed.container(service);
      assertThat(answered)
          .contains(
              container.at("/livenessProbe/httpGet/path").asText(),
              container.at("/readinessProbe/httpGet/path").asText(),
              container.at("/startupProbe/httpGet/path").asText());
      assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
      assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void variablesAreSettings(String overlay) {
    assertSettings(Deployed.overlay(overlay));
  }

  @Test
  void variablesOfMutualTlsAreSettings() {
    assertSettings(new Deployed(Kustomize.render("cpu", List.of("tls"))));
  }

  private static void assertSettings(Deployed deployed) {
    for (Manifest service : deployed.services()) {
      Set<String> known = ShippedSettings.of(service.name()).variables().keySet();
      Set<String> told = deployed.environment(Deployed.container(service)).keySet();
      assertThat(told.stream().filter(name -> name.startsWith("FACET_")))
          .as("settings of %s", service)
          .isNotEmpty()
          .isSubsetOf(known);
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void filesAreMounted(String overlay) {
    assertMounted(Deployed.overlay(overlay));
  }

  @Test
  void filesOfMutualTlsAreMounted() {
    assertMounted(new Deployed(Kustomize.render("cpu", List.of("tls"))));
  }

  private static void assertMounted(Deployed deployed) {
    for (Manifest service : deployed.services()) {
      JsonNode container = Deployed.container(service);
      List<String> mounts =
          Manifest.each(container.path("volumeMounts"))
              .map(mount -> mount.path("mountPath").asText())
              .toList();
      assertThat(mounts).contains("/tmp");
      List<String> files =
          deployed.environment(container).values().stream()
              .filter(value -> value.startsWith("/"))
              .toList();
      assertThat(files)
          .isNotEmpty()
          .allMatch(
              file -> mounts.stream().anyMatch(m -> file.equals(m) || file.startsWith(m + "/")));
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void addressesAreServices(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    Map<String, String> gateway =
        deployed.environment(Deployed.container(deployed.workload("gateway")));

    assertThat(gateway.get("FACET_BACKEND_DETECTOR")).isEqualTo("dns:///" + address("detector"));
    assertThat(gateway.get("FACET_BACKEND_EMBEDDER")).isEqualTo("dns:///" + address("embedder"));
    for (String backend : List.of("detector", "embedder")) {
      // One address for each pod, so that the gateway's calls take them in turn.
      assertThat(deployed.one("Service", backend).at("/spec/clusterIP").asText()).isEqualTo("None");
    }
    for (Address address : Address.in(gateway)) {
      Manifest service = deployed.one("Service", address.host());
      assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(address.port());
    }
  }

  private static String address(String service) {
    return service + ":" + ShippedSettings.of(service).number("grpc.port");
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void modelsFetchedAreTheModelsServed(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    for (String name : List.of("detector", "embedder")) {
      Manifest service = deployed.workload(name);
      Map<String, String> told = deployed.environment(Deployed.container(service));
      JsonNode fetching = service.podSpec().at("/initContainers/0");
      List<String> expected = new ArrayList<>(List.of("models", "pull"));
      expected.addAll(List.of(told.getOrDefault("FACET_MODELS_SERVE", "").split(",", -1)));

      assertThat(Manifest.each(fetching.path("args")).map(JsonNode::asText))
          .containsExactlyElementsOf(expected);
      assertThat(deployed.environment(fetching).get("FACET_MODELS_CACHE"))
          .isEqualTo(told.get("FACET_MODELS_CACHE"));
      assertThat(read("cli/src/main/java/dev/facet/cli/ModelStoreOptions.java"))
          .contains(deployed.environment(fetching).keySet());
    }
  }

  @Test
  void embedderOnGpuHasTheShippedSettingsOfOne() {
    Deployed deployed = Deployed.overlay("gpu");
    Map<String, String> told =
        deployed.environment(Deployed.container(deployed.workload("embedder")));

    assertThat(told).containsAllEntriesOf(ShippedSettings.of("cuda/embedder").variables());
  }

  @Test
  void routesAreThePublicServices() {
    Set<String> routed =
        new Deployed(Kustomize.render("cpu", List.of("gateway-api")))
            .of("GRPCRoute")
            .flatMap(route -> Manifest.each(route.at("/spec/rules/0/matches")))
            .map(match -> match.at("/method/service").asText())
            .collect(Collectors.toSet());
    Set<String> expected = new HashSet<>(Set.of("grpc.health.v1.Health"));
    for (String name : protos()) {
      PUBLIC_SERVICE
          .matcher(read("proto/src/main/proto/facet/v1/" + name))
          .results()
          .forEach(match -> expected.add("facet.v1." + match.group(1)));
    }

    assertThat(routed).isEqualTo(expected);
  }

  @Test
  void queueWaitIsAMetricOfTheBatcher() {
    List<String> queries =
        new Deployed(Kustomize.render("cpu", List.of("keda")))
            .of("ScaledObject")
            .map(object -> object.at("/spec/triggers/0/metadata/query").asText())
            .toList();

    assertThat(queries)
        .hasSize(2)
        .allMatch(query -> query.contains("facet_batch_queue_seconds_sum"))
        .allMatch(query -> query.contains("facet_batch_queue_seconds_count"));
    assertThat(read("inference/src/main/java/dev/facet/inference/metrics/BatchMetrics.java"))
        .contains(".timer(\"facet.batch.queue\", model.and(\"priority\"");
  }

  private static List<String> protos() {
    try (Stream<Path> files =
        Files.list(Repository.ROOT.resolve("proto/src/main/proto/facet/v1"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(JsonNode container, String name) {
    return Manifest.each(container.path("ports"))
        .filter(port -> port.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow()
        .path("containerPort")
        .asInt();
  }

  private static String read(String file) {
    try {
      return Files.readString(Repository.ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
