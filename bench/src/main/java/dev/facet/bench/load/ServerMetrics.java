package dev.facet.bench.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a server counted during the measured time.
 *
 * @param address of its metrics
 * @param problem why there are none; empty when there are
 * @param changes what changed
 */
public record ServerMetrics(String address, String problem, List<Change> changes) {

  /**
   * One series.
   *
   * @param counted it only grows, so its difference is what happened meanwhile; of others before
   *     and after tell more
   */
  public record Change(
      String series, boolean counted, double before, double after, double difference) {}

  /**
   * By how much a counter grew, over all of its series whose labels hold these words; 0 where there
   * are none.
   *
   * @param labels for example {@code model="yunet"}
   */
  public double growth(String name, String... labels) {
    return changes.stream()
        .filter(change -> change.series.startsWith(name + "{") || change.series.equals(name))
        .filter(change -> Arrays.stream(labels).allMatch(change.series::contains))
        .mapToDouble(Change::difference)
        .sum();
  }

  /**
   * What servers counted while something ran.
   *
   * @throws IOException when one of them has no page
   */
  public static List<ServerMetrics> during(List<URI> addresses, Runnable work)
      throws IOException, InterruptedException {
    List<MetricsPage> before = fetched(addresses);
    work.run();
    List<MetricsPage> after = fetched(addresses);
    List<ServerMetrics> metrics = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      metrics.add(between(addresses.get(i).toString(), before.get(i), after.get(i)));
    }
    return metrics;
  }

  private static List<MetricsPage> fetched(List<URI> addresses)
      throws IOException, InterruptedException {
    List<MetricsPage> pages = new ArrayList<>();
    for (URI address : addresses) {
      pages.add(MetricsPage.fetch(address));
    }
    return pages;
  }

  static ServerMetrics missing(String address, String problem) {
    return new ServerMetrics(address, problem, List.of());
  }

  /**
   * Compares two pages of a server. A series that is new began at 0; of one that shrank although it
   * only grows, the server was restarted, and what it has now came since.
   */
  static ServerMetrics between(String address, MetricsPage before, MetricsPage after) {
    List<Change> changes = new ArrayList<>();
    for (Map.Entry<String, Double> series : after.values().entrySet()) {
      boolean counted = after.counted().contains(series.getKey());
      double now = series.getValue();
      double then = before.values().getOrDefault(series.getKey(), counted ? 0 : now);
      double from = counted && now < then ? 0 : then;
      if (Double.isFinite(now) && Double.isFinite(from) && now != from) {
        changes.add(new Change(series.getKey(), counted, from, now, now - from));
      }
    }
    return new ServerMetrics(address, "", changes);
  }
}
