package dev.facet.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerMetricsTest {

  private static final String BEFORE =
      """
      # HELP calls_total Calls, by method
      # TYPE calls_total counter
      calls_total{method="Detect",code="OK"} 100.0
      calls_total{method="a b } c",code="OK"} 1
      # TYPE queue_items gauge
      queue_items 3
      # TYPE run_seconds histogram
      run_seconds_bucket{le="0.1"} 5
      run_seconds_bucket{le="+Inf"} 7
      run_seconds_count 7
      run_seconds_sum 0.5
      # TYPE recall gauge
      recall NaN
      # TYPE restarted_total counter
      restarted_total 90
      """;

  private static final String AFTER =
      """
      # TYPE calls_total counter
      calls_total{method="Detect",code="OK"} 350.0 1700000000
      calls_total{method="a b } c",code="OK"} 1
      calls_total{method="Detect",code="UNAVAILABLE"} 4
      # TYPE queue_items gauge
      queue_items 1
      # TYPE run_seconds histogram
      run_seconds_bucket{le="0.1"} 6
      run_seconds_bucket{le="+Inf"} 9
      run_seconds_count 9
      run_seconds_sum 0.75
      # TYPE recall gauge
      recall 1
      # TYPE restarted_total counter
      restarted_total 5
      this is no line of the format
      """;

  @Test
  void whatChangedIsToldWithItsDifference() {
    ServerMetrics metrics =
        ServerMetrics.between(
            "http://somewhere", MetricsPage.parse(BEFORE), MetricsPage.parse(AFTER));

    assertThat(metrics.changes())
        .extracting(
            change ->
                change.series()
                    + (change.counted() ? " +" : " ")
                    + change.difference()
                    + " to "
                    + change.after())
        .containsExactly(
            "calls_total{method=\"Detect\",code=\"OK\"} +250.0 to 350.0",
            "calls_total{method=\"Detect\",code=\"UNAVAILABLE\"} +4.0 to 4.0",
            "queue_items -2.0 to 1.0",
            "run_seconds_bucket{le=\"0.1\"} +1.0 to 6.0",
            "run_seconds_bucket{le=\"+Inf\"} +2.0 to 9.0",
            "run_seconds_count +2.0 to 9.0",
            "run_seconds_sum +0.25 to 0.75",
            "restarted_total +5.0 to 5.0");
  }

  @Test
  void theTextLeavesOutBucketsAndWhatDoesNotOnlyGrow() {
    ServerMetrics metrics =
        ServerMetrics.between("", MetricsPage.parse(BEFORE), MetricsPage.parse(AFTER));

    assertThat(LoadText.changes(metrics, false))
        .extracting(java.util.List::getFirst)
        .containsExactly(
            "metric",
            "calls_total{method=\"Detect\",code=\"OK\"}",
            "calls_total{method=\"Detect\",code=\"UNAVAILABLE\"}",
            "run_seconds_count",
            "run_seconds_sum",
            "restarted_total");
  }
}
