package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** K03: what every pod must be, whatever the overlay. */
class PolicyTest {
  @SuppressWarnings("unused") // the parameters of the tests
  private static final List<String> OVERLAYS = Kustomize.OVERLAYS;

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void everyOverlayHasTheThreeServices(String overlay) {
    assertThat(Deployed.overlay(overlay).services())
        .extracting(Manifest::name)
        .containsExactlyInAnyOrderElementsOf(ShippedSettings.SERVICES);
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void namespaceEnforcesRestricted(String overlay) {
    Manifest namespace = Deployed.overlay(overlay).one("Namespace", "facet");

    assertThat(namespace.at("/metadata/labels/pod-security.kubernetes.io~1enforce").asText())
        .isEqualTo("restricted");
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void podsAreRestricted(String overlay) {
    for (Manifest workload : Deployed.overlay(overlay).workloads()) {
      JsonNode pod = workload.podSpec();
      JsonNode context = pod.path("securityContext");
      assertThat(context.path("runAsNonRoot").asBoolean()).as("%s", workload).isTrue();
      assertThat(context.path("runAsUser").asInt()).as("%s", workload).isPositive();
      assertThat(context.at("/seccompProfile/type").asText())
          .as("%s", workload)
          .isEqualTo("RuntimeDefault");
      assertThat(List.of("hostNetwork", "hostPID", "hostIPC"))
          .as("%s", workload)
          .noneMatch(pod::has);
      assertThat(Manifest.each(pod.path("volumes")))
          .as("%s", workload)
          .noneMatch(volume -> volume.has("hostPath"));
      workload.containers().forEach(container -> assertRestricted(workload, container));
    }
  }

  private static void assertRestricted(Manifest workload, JsonNode container) {
    JsonNode context = container.path("securityContext");
    String name = workload + ", " + container.path("name").asText();
    assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).as(name).isFalse();
    assertThat(context.path("readOnlyRootFilesystem").asBoolean()).as(name).isTrue();
    assertThat(context.at("/capabilities/drop/0").asText()).as(name).isEqualTo("ALL");
    assertThat(context.path("capabilities").has("add")).as(name).isFalse();
    assertThat(context.path("privileged").asBoolean()).as(name).isFalse();
    assertThat(Manifest.each(container.path("ports"))).noneMatch(port -> port.has("hostPort"));
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void podsHaveNoTokenOfTheCluster(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    for (Manifest workload : deployed.workloads()) {
      JsonNode pod = workload.podSpec();
      assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
          .as("%s", workload)
          .isFalse();
      Manifest account = deployed.one("ServiceAccount", pod.path("serviceAccountName").asText());
      assertThat(account.at("/automountServiceAccountToken").asBoolean(true))
          .as("%s", account)
          .isFalse();
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void containersHaveBounds(String overlay) {
    for (Manifest workload : Deployed.overlay(overlay).workloads()) {
      workload
          .containers()
          .forEach(
              container -> {
                String name = workload + ", " + container.path("name").asText();
                JsonNode resources = container.path("resources");
                for (String resource : List.of("cpu", "memory")) {
                  assertThat(resources.path("requests").has(resource)).as(name).isTrue();
                  assertThat(resources.path("limits").has(resource)).as(name).isTrue();
                }
                // Memory above the request is memory that the node may not have.
                assertThat(resources.at("/limits/memory"))
                    .as(name)
                    .isEqualTo(resources.at("/requests/memory"));
              });
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void imagesNameTheirVersion(String overlay) {
    for (Manifest workload : Deployed.overlay(overlay).workloads()) {
      assertThat(workload.containers().map(container -> container.path("image").asText()))
          .as("%s", workload)
          .allMatch(image -> image.matches("[^:]+(:\\d+/[^:]+)?:[^:]+"))
          .noneMatch(image -> image.endsWith(":latest"));
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void everyContainerIsProbed(String overlay) {
    for (Manifest workload : Deployed.overlay(overlay).workloads()) {
      JsonNode container = Deployed.container(workload);
      assertThat(List.of("startupProbe", "readinessProbe", "livenessProbe"))
          .as("%s", workload)
          .allMatch(container::has);
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void servicesSurviveTheLossOfANode(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    for (Manifest service : deployed.services()) {
      assertThat(deployed.of("PodDisruptionBudget"))
          .as("a budget for %s", service)
          .anyMatch(
              budget ->
                  Deployed.matches(budget.at("/spec/selector/matchLabels"), service.podLabels()));
      JsonNode spread = service.podSpec().path("topologySpreadConstraints");
      assertThat(Manifest.each(spread))
          .as("%s", service)
          .isNotEmpty()
          .allMatch(
              rule -> Deployed.matches(rule.at("/labelSelector/matchLabels"), service.podLabels()))
          // Required, it would leave the second pod of a cluster of one node pending.
          .allMatch(rule -> rule.path("whenUnsatisfiable").asText().equals("ScheduleAnyway"));
      assertThat(service.podSpec().has("affinity")).as("%s", service).isFalse();
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void servicesHaveTimeToEnd(String overlay) {
    for (Manifest service : Deployed.overlay(overlay).services()) {
      ShippedSettings settings = ShippedSettings.of(service.name());
      Duration preStop =
          Duration.ofSeconds(
              Deployed.container(service).at("/lifecycle/preStop/sleep/seconds").asInt());
      Duration given =
          Duration.ofSeconds(service.podSpec().path("terminationGracePeriodSeconds").asInt());
      JsonNode readiness = Deployed.container(service).path("readinessProbe");
      Duration noticed =
          Duration.ofSeconds(readiness.path("periodSeconds").asLong())
              .multipliedBy(readiness.path("failureThreshold").asLong());

      // Calls in flight may take drain.grace, and the parts as long again to close.
      Duration needed =
          preStop
              .plus(settings.seconds("drain.delay"))
              .plus(settings.seconds("drain.grace").multipliedBy(2))
              .plusSeconds(5);
      assertThat(given).as("%s", service).isGreaterThanOrEqualTo(needed);
      assertThat(preStop.plus(settings.seconds("drain.delay")))
          .as("%s is seen to leave before it refuses calls", service)
          .isGreaterThan(noticed);
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void servicesAreReplacedWithoutBeingFewer(String overlay) {
    for (Manifest service : Deployed.overlay(overlay).services()) {
      if (service.kind().equals("StatefulSet") || overlay.equals("gpu")) {
        continue; // one owner of a volume; a GPU that is free for one more is rare
      }
      assertThat(service.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(1))
          .as("%s", service)
          .isZero();
    }
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void secretsStandInSecretsOnly(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    assertThat(deployed.of("Secret")).isEmpty();
    Stream<String> told =
        deployed.workloads().stream()
            .flatMap(Manifest::containers)
            .flatMap(container -> deployed.environment(container).entrySet().stream())
            .filter(variable -> !variable.getValue().isEmpty())
            .map(variable -> variable.getKey());
    assertThat(told).noneMatch(name -> name.matches(".*(PASSWORD|SECRET|ACCESS_KEY|TOKEN)"));
  }
}
