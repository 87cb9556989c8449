package dev.facet.gateway.ledger;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whether metadata has the values wanted at its top level; objects are equal in any order of names.
 */
record MetadataFilter(Map<String, JsonElement> wanted) {

  /** Of names and the JSON texts of their values. */
  static MetadataFilter of(Map<String, String> wanted) {
    return new MetadataFilter(
        wanted.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, value -> JsonParser.parseString(value.getValue()))));
  }

  boolean passes(String metadata) {
    return wanted.isEmpty()
        || JsonParser.parseString(metadata)
            .getAsJsonObject()
            .asMap()
            .entrySet()
            .containsAll(wanted.entrySet());
  }
}
