package dev.facet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What an API server holds against an object by its OpenAPI schema, strictly: unknown fields, wrong
 * types, missing fields, values outside a list or a range. Rules between fields (CEL, {@code
 * oneOf}) are left to the server.
 */
final class Schema {
  private final JsonNode definitions;
  private final List<String> complaints = new ArrayList<>();

  private Schema(JsonNode definitions) {
    this.definitions = definitions;
  }

  /**
   * The complaints about a value, each with the path to it.
   *
   * @param definitions what {@code $ref} names; missing where nothing does
   */
  static List<String> complaints(JsonNode schema, JsonNode definitions, JsonNode value) {
    Schema check = new Schema(definitions);
    check.check(schema, value, "");
    return check.complaints;
  }

  static List<String> complaints(JsonNode schema, JsonNode value) {
    return complaints(schema, MissingNode.getInstance(), value);
  }

  private void check(JsonNode schema, JsonNode value, String path) {
    JsonNode reference = schema.path("$ref");
    if (reference.isTextual()) {
      String name = reference.asText().replace("#/definitions/", "");
      if (!definitions.has(name)) {
        throw new IllegalStateException("the schema lacks " + name);
      }
      check(definitions.path(name), value, path);
      return;
    }
    if (value.isNull()) {
      complain(path, "is null");
      return;
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()
        || schema.path("format").asText().equals("int-or-string")) {
      require(value.isIntegralNumber() || value.isTextual(), path, "is no number or string");
      return;
    }
    switch (schema.path("type").asText(schema.has("properties") ? "object" : "")) {
      case "object" -> object(schema, value, path);
      case "array" -> array(schema, value, path);
      case "string" -> string(schema, value, path);
      case "integer" -> require(value.isIntegralNumber(), path, "is no integer");
      case "number" -> require(value.isNumber(), path, "is no number");
      case "boolean" -> require(value.isBoolean(), path, "is no boolean");
      default -> {} // any value
    }
    if (schema.has("minimum")) {
      boolean enough = value.asDouble() >= schema.path("minimum").asDouble();
      require(enough, path, "is below " + schema.path("minimum"));
    }
    if (schema.has("maximum")) {
      boolean few = value.asDouble() <= schema.path("maximum").asDouble();
      require(few, path, "is above " + schema.path("maximum"));
    }
  }

  private void object(JsonNode schema, JsonNode value, String path) {
    if (!value.isObject()) {
      complain(path, "is no object");
      return;
    }
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    boolean open =
        schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
            || others.asBoolean()
            || (properties.isMissingNode() && others.isMissingNode());
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String below = path + "/" + field.getKey();
      if (properties.has(field.getKey())) {
        check(properties.path(field.getKey()), field.getValue(), below);
      } else if (others.isObject()) {
        check(others, field.getValue(), below);
      } else {
        require(open, below, "is no field of this object");
      }
    }
    Manifest.each(schema.path("required"))
        .filter(name -> !value.has(name.asText()))
        .forEach(name -> complain(path + "/" + name.asText(), "is missing"));
  }

  private void array(JsonNode schema, JsonNode value, String path) {
    if (!value.isArray()) {
      complain(path, "is no list");
      return;
    }
    for (int i = 0; i < value.size(); i++) {
      check(schema.path("items"), value.get(i), path + "/" + i);
    }
    require(value.size() >= schema.path("minItems").asInt(0), path, "has too few items");
    require(
        value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE),
        path,
        "has too many items");
  }

  private void string(JsonNode schema, JsonNode value, String path) {
    if (!value.isTextual()) {
      complain(path, "is no string");
      return;
    }
    String text = value.asText();
    require(text.length() >= schema.path("minLength").asInt(0), path, "is too short");
    require(
        text.length() <= schema.path("maxLength").asInt(Integer.MAX_VALUE), path, "is too long");
    require(
        !schema.has("pattern")
            || text.matches("(?s).*(?:" + schema.path("pattern").asText() + ").*"),
        path,
        "\"" + text + "\" has the wrong form");
    require(
        !schema.has("enum")
            || Manifest.each(schema.path("enum")).anyMatch(known -> known.asText().equals(text)),
        path,
        "\"" + text + "\" is none of " + schema.path("enum"));
  }

  private void require(boolean right, String path, String complaint) {
    if (!right) {
      complain(path, complaint);
    }
  }

  private void complain(String path, String complaint) {
    complaints.add(path + " " + complaint);
  }
}
