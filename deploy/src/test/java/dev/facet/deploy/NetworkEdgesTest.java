package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * K03: who may speak to whom by the NetworkPolicies is who calls whom by the settings, pod by pod
 * and port by port.
 */
class NetworkEdgesTest {
  @SuppressWarnings("unused") // the parameters of the tests
  private static final List<String> OVERLAYS = Kustomize.OVERLAYS;

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void edgesBetweenPodsAreTheCalls(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);

    assertThat(permitted(deployed)).isEqualTo(calls(deployed)).hasSizeGreaterThanOrEqualTo(2);
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void onlyTheGatewayIsOpenToAll(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    Set<String> open = new TreeSet<>();
    for (Manifest workload : deployed.workloads()) {
      ports(workload)
          .filter(port -> admits(deployed, workload, port, null))
          .forEach(port -> open.add(workload.name() + ":" + number(port)));
    }

    int door = ShippedSettings.of("gateway").number("grpc.port");
    assertThat(open).containsExactly("gateway:" + door);
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void onlyThoseWhoFetchModelsReachTheInternet(String overlay) {
    Deployed deployed = Deployed.overlay(overlay);
    Set<String> reaching = new TreeSet<>();
    for (Manifest workload : deployed.workloads()) {
      policies(deployed, workload, "Egress")
          .flatMap(policy -> Manifest.each(policy.at("/spec/egress")))
          .flatMap(rule -> rule.has("to") ? Manifest.each(rule.path("to")) : Stream.of(rule))
          .filter(peer -> peer.has("ipBlock") || !peer.has("podSelector"))
          .forEach(_ -> reaching.add(workload.name()));
    }

    assertThat(reaching).containsExactly("detector", "embedder");
  }

  @ParameterizedTest
  @FieldSource("OVERLAYS")
  void everythingIsDeniedByDefault(String overlay) {
    Manifest all = Deployed.overlay(overlay).one("NetworkPolicy", "default-deny");

    assertThat(all.at("/spec/podSelector")).isEmpty();
    assertThat(Manifest.each(all.at("/spec/policyTypes")).map(JsonNode::asText))
        .containsExactlyInAnyOrder("Ingress", "Egress");
    assertThat(all.at("/spec").has("ingress") || all.at("/spec").has("egress")).isFalse();
  }

  /** The edges by the settings: the addresses that each service is told. */
  private static Set<String> calls(Deployed deployed) {
    Set<String> edges = new TreeSet<>();
    for (Manifest caller : deployed.services()) {
      for (Address to : Address.in(deployed.environment(Deployed.container(caller)))) {
        Manifest service = deployed.one("Service", to.host());
        for (Manifest called : deployed.workloads()) {
          if (Deployed.matches(service.at("/spec/selector"), called.podLabels())) {
            edges.add(caller.name() + " > " + called.name() + ":" + to.port());
          }
        }
      }
    }
    return edges;
  }

  /** The edges by the policies: both ends must agree. */
  private static Set<String> permitted(Deployed deployed) {
    Set<String> edges = new TreeSet<>();
    for (Manifest from : deployed.workloads()) {
      for (Manifest to : deployed.workloads()) {
        ports(to)
            .filter(port -> admits(deployed, to, port, from))
            .filter(port -> lets(deployed, from, to, port))
            .forEach(port -> edges.add(from.name() + " > " + to.name() + ":" + number(port)));
      }
    }
    return edges;
  }

  /** Whether a pod takes connections of another, or of anybody when that is null. */
  private static boolean admits(
      Deployed deployed, Manifest to, JsonNode port, @Nullable Manifest from) {
    return policies(deployed, to, "Ingress")
        .flatMap(policy -> Manifest.each(policy.at("/spec/ingress")))
        .filter(rule -> hasPort(rule, port))
        .anyMatch(rule -> !rule.has("from") || (from != null && names(rule.path("from"), from)));
  }

  private static boolean lets(Deployed deployed, Manifest from, Manifest to, JsonNode port) {
    return policies(deployed, from, "Egress")
        .flatMap(policy -> Manifest.each(policy.at("/spec/egress")))
        .filter(rule -> hasPort(rule, port))
        .anyMatch(rule -> !rule.has("to") || names(rule.path("to"), to));
  }

  private static Stream<Manifest> policies(Deployed deployed, Manifest pod, String type) {
    return deployed
        .of("NetworkPolicy")
        .filter(
            policy -> Deployed.matches(policy.at("/spec/podSelector/matchLabels"), pod.podLabels()))
        .filter(
            policy ->
                Manifest.each(policy.at("/spec/policyTypes"))
                    .anyMatch(each -> each.asText().equals(type)));
  }

  /** Whether one of the peers is a pod of this namespace. */
  private static boolean names(JsonNode peers, Manifest pod) {
    return Manifest.each(peers)
        .filter(peer -> peer.has("podSelector") && !peer.has("namespaceSelector"))
        .anyMatch(peer -> Deployed.matches(peer.at("/podSelector/matchLabels"), pod.podLabels()));
  }

  private static boolean hasPort(JsonNode rule, JsonNode port) {
    return !rule.has("ports")
        || Manifest.each(rule.path("ports"))
            .map(each -> each.path("port"))
            .anyMatch(
                each -> each.equals(port.path("name")) || each.equals(port.path("containerPort")));
  }

  private static Stream<JsonNode> ports(Manifest workload) {
    return Manifest.each(Deployed.container(workload).path("ports"));
  }

  private static int number(JsonNode port) {
    return port.path("containerPort").asInt();
  }
}
