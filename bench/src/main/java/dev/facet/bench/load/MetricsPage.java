package dev.facet.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A server's metrics at one moment, as Prometheus' text format has them.
 *
 * @param values by the name of a series with its labels, in the order of the page
 * @param counted the series that only ever grow, but for a restart
 */
public record MetricsPage(Map<String, Double> values, Set<String> counted) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Asks a server.
   *
   * @throws IOException when there is no page at this address
   */
  public static MetricsPage fetch(URI address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException("answered " + response.statusCode());
      }
      return parse(response.body());
    }
  }

  /** Over all series of this name; 0 where there are none. */
  public double sum(String name) {
    return values.entrySet().stream()
        .filter(series -> series.getKey().equals(name) || series.getKey().startsWith(name + "{"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Reads a page; lines that are none of the format's are passed over. */
  static MetricsPage parse(String page) {
    Map<String, String> types = new HashMap<>();
    Map<String, Double> values = new LinkedHashMap<>();
    Set<String> counted = new HashSet<>();
    for (String line : page.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        List<String> words = Arrays.asList(line.split(" "));
        if (words.size() == 4) {
          types.put(words.get(2), words.get(3));
        }
        continue;
      }
      // A label's value may hold spaces and braces: the value follows the last brace.
      int labels = line.indexOf('{');
      int end = labels < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
      if (line.startsWith("#") || end <= 0) {
        continue;
      }
      String series = line.substring(0, end);
      try {
        values.put(
            series, number(Arrays.asList(line.substring(end).strip().split(" ")).getFirst()));
      } catch (NumberFormatException e) {
        continue;
      }
      if (grows(labels < 0 ? series : line.substring(0, labels), types)) {
        counted.add(series);
      }
    }
    return new MetricsPage(values, counted);
  }

  private static boolean grows(String name, Map<String, String> types) {
    if ("counter".equals(types.get(name))) {
      return true;
    }
    for (String part : new String[] {"_count", "_sum", "_bucket", "_total"}) {
      if (name.endsWith(part)) {
        String type = types.get(name.substring(0, name.length() - part.length()));
        return type != null && !type.equals("gauge");
      }
    }
    return false;
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
