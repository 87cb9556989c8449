package dev.facet.bench.all;

/**
 * What ONNX Runtime alone takes for a graph.
 *
 * @param sessions that ran at the same time
 * @param threads of each session, on the processor
 * @param callers threads that called each session
 * @param items in a run
 * @param perSecond items
 * @param cpuMillis of the process for an item
 * @param runMillis the median run
 */
record RawCost(
    int sessions,
    int threads,
    int callers,
    int items,
    double perSecond,
    double cpuMillis,
    double runMillis) {

  /** How it was run, in words. */
  String how() {
    if (callers > 1) {
      return "%d x %d callers, batch %d".formatted(sessions, callers, items);
    }
    return "%d x %d thread%s, batch %d"
        .formatted(sessions, threads, threads == 1 ? "" : "s", items);
  }
}
