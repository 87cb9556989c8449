package dev.facet.deploy;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host and port that a service is told to call. */
record Address(String host, int port) {
  private static final Pattern TARGET =
      Pattern.compile("^(?:dns:///|jdbc:postgresql://|https?://)([a-z0-9.-]+):(\\d+)");

  /** Those in the values of variables. */
  static List<Address> in(Map<String, String> variables) {
    return variables.values().stream()
        .map(TARGET::matcher)
        .filter(Matcher::find)
        .map(target -> new Address(target.group(1), Integer.parseInt(target.group(2))))
        .toList();
  }
}
