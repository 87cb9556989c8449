package dev.facet.bench.all;

import dev.facet.models.graph.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is run on the GPU; or, to rehearse it, a little of it on the processor, where no figure is
 * claimed.
 *
 * @param layouts of numbers in convolutions, in ONNX Runtime's words
 * @param batches crops in a run
 * @param runners of the service
 * @param clients that wait for their answers
 */
record GpuPlan(
    boolean cuda,
    List<Precision> precisions,
    List<String> layouts,
    List<Way> ways,
    List<Integer> batches,
    List<Integer> runners,
    int clients) {

  /** Sessions, and threads that call each. */
  record Way(int sessions, int callers) {}

  static GpuPlan whole() {
    return new GpuPlan(
        true,
        List.of(Precision.FP32, Precision.FP16),
        List.of("nchw", "nhwc"),
        List.of(new Way(1, 1), new Way(1, 2), new Way(2, 1), new Way(3, 1)),
        List.of(1, 2, 4, 8, 16, 32, 64, 128, 256),
        List.of(1, 2),
        64);
  }

  static GpuPlan rehearsal() {
    return new GpuPlan(
        false,
        List.of(Precision.FP32),
        List.of("nchw"),
        List.of(new Way(1, 1), new Way(1, 2)),
        List.of(1, 4),
        List.of(1),
        4);
  }

  /** What {@link RawRuns} is told beyond the graph. */
  List<String> provider(String layout) {
    return cuda ? List.of(layout) : List.of();
  }

  /** What a service is told beside its shipped file for CUDA. */
  List<String> settings(Precision precision, String layout, int runners) {
    List<String> settings = new ArrayList<>();
    settings.add("onnx.provider=" + (cuda ? "cuda" : "cpu"));
    settings.add("onnx.precision=" + precision.lowerName());
    settings.add("onnx.cuda.layout=" + layout);
    settings.add("onnx.runners=" + runners);
    return settings;
  }

  /** As they may be told: a rehearsal leaves everything open. */
  List<Finding> told(List<Finding> findings) {
    return cuda ? findings : findings.stream().map(GpuPlan::rehearsed).collect(Collectors.toList());
  }

  private static Finding rehearsed(Finding finding) {
    return finding.rounds() == null
        ? finding
        : Finding.open(
            finding.point(),
            finding.what(),
            "rehearsed on the processor, which gave %s".formatted(finding.measuredText()));
  }
}
