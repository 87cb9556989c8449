package dev.facet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An overlay by its parts: workloads, what they are told, and the names they are called by. */
record Deployed(List<Manifest> manifests) {

  static Deployed overlay(String name) {
    return new Deployed(Kustomize.overlay(name));
  }

  Stream<Manifest> of(String kind) {
    return manifests.stream().filter(manifest -> manifest.kind().equals(kind));
  }

  Manifest one(String kind, String name) {
    return of(kind)
        .filter(manifest -> manifest.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + kind + "/" + name));
  }

  List<Manifest> workloads() {
    return manifests.stream().filter(Manifest::isWorkload).toList();
  }

  Manifest workload(String name) {
    return workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no workload " + name));
  }

  /** Detector, embedder and gateway. */
  List<Manifest> services() {
    return workloads().stream()
        .filter(
            workload ->
                workload.podLabels().path("app.kubernetes.io/component").asText().equals("service"))
        .toList();
  }

  static JsonNode container(Manifest workload) {
    return workload.at("/spec/template/spec/containers/0");
  }

  /** The variables of a container that stand in manifests; those from Secrets are empty. */
  Map<String, String> environment(JsonNode container) {
    Map<String, String> variables = new TreeMap<>();
    Manifest.each(container.path("envFrom"))
        .map(source -> one("ConfigMap", source.at("/configMapRef/name").asText()))
        .flatMap(map -> map.at("/data").properties().stream())
        .forEach(entry -> variables.put(entry.getKey(), entry.getValue().asText()));
    Manifest.each(container.path("env"))
        .forEach(
            variable ->
                variables.put(variable.path("name").asText(), variable.path("value").asText()));
    return variables;
  }

  /** Whether the labels are those that a selector of {@code matchLabels} wants. */
  static boolean matches(JsonNode matchLabels, JsonNode labels) {
    return matchLabels.properties().stream()
        .allMatch(label -> labels.path(label.getKey()).equals(label.getValue()));
  }
}
