package dev.facet.bench.drain;

import java.util.List;

/**
 * What callers noticed.
 *
 * @param times that it happened
 * @param calls that were made
 * @param failed of them
 * @param reasons of the failures, each with its number
 * @param repeated attempts beyond the first, anywhere on the way
 * @param p99Ms of those that were answered
 */
record DrainRow(
    String service,
    Fault fault,
    int times,
    long calls,
    long failed,
    List<String> reasons,
    long repeated,
    double p99Ms,
    double mostMs) {

  static final List<String> HEAD =
      List.of(
          "service",
          "what",
          "times",
          "calls",
          "failed",
          "retries",
          "p99 ms",
          "most ms",
          "failures");

  List<String> cells() {
    return List.of(
        service,
        fault.toString(),
        Integer.toString(times),
        Long.toString(calls),
        Long.toString(failed),
        Long.toString(repeated),
        "%.0f".formatted(p99Ms),
        "%.0f".formatted(mostMs),
        String.join(", ", reasons));
  }
}
