package dev.facet.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An object of Kubernetes as it is written. */
record Manifest(JsonNode node) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

  /** The documents of a YAML text. */
  static List<Manifest> parse(String text) {
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      return documents.readAll().stream().filter(JsonNode::isObject).map(Manifest::new).toList();
    } catch (IOException e) {
      throw new AssertionError("no YAML: " + e.getMessage(), e);
    }
  }

  static JsonNode tree(String text) {
    try {
      return YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no YAML: " + e.getMessage(), e);
    }
  }

  String kind() {
    return node.path("kind").asText();
  }

  String name() {
    return node.path("metadata").path("name").asText();
  }

  /** The value under this path; missing where there is none. */
  JsonNode at(String pointer) {
    return node.at(pointer);
  }

  boolean isWorkload() {
    return WORKLOADS.contains(kind());
  }

  JsonNode podSpec() {
    return at("/spec/template/spec");
  }

  JsonNode podLabels() {
    return at("/spec/template/metadata/labels");
  }

  /** Init containers too. */
  Stream<JsonNode> containers() {
    return Stream.concat(
        each(podSpec().path("initContainers")), each(podSpec().path("containers")));
  }

  static Stream<JsonNode> each(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @Override
  public String toString() {
    return kind() + "/" + name();
  }
}
