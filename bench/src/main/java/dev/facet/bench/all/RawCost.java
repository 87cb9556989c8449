package dev.facet.bench.all;

/**
 * What ONNX Runtime alone takes for a graph.
 *
 * @param sessions that ran at the same time, each called by one thread
 * @param threads of each session
 * @param items in a run
 * @param perSecond items
 * @param cpuMillis of the process for an item
 * @param runMillis the median run
 */
record RawCost(
    int sessions, int threads, int items, double perSecond, double cpuMillis, double runMillis) {

  /** How it was run, in words. */
  String how() {
    return "%d x %d thread%s, batch %d"
        .formatted(sessions, threads, threads == 1 ? "" : "s", items);
  }
}
