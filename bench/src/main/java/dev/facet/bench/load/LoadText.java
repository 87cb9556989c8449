package dev.facet.bench.load;

import dev.facet.bench.TextTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report for a terminal. */
final class LoadText {

  private LoadText() {}

  static List<String> lines(LoadReport report) {
    List<String> lines = new ArrayList<>(head(report));
    Sweep sweep = report.sweep();
    if (sweep != null) {
      lines.add("");
      lines.addAll(TextTable.aligned(steps(sweep)));
      lines.add("");
      lines.add(conclusion(sweep));
      return lines;
    }
    for (Run run : report.runs()) {
      lines.add(run.pace().toString());
      lines.add(generator(run));
      lines.add("");
      lines.addAll(run(run));
    }
    if (report.retries() > 0) {
      lines.add("");
      lines.add("calls sent once more: %,d".formatted(report.retries()));
    }
    if (!report.baseline().isEmpty()) {
      lines.add("");
      lines.addAll(TextTable.aligned(baseline(report.baseline())));
    }
    return lines;
  }

  /** What was called, and where. */
  static List<String> head(LoadReport report) {
    LoadReport.Plan plan = report.plan();
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s at %s, %d connection%s; %s s measured after %s s of warm-up, calls end after %s s"
            .formatted(
                plan.call(),
                plan.address(),
                plan.connections(),
                plan.connections() == 1 ? "" : "s",
                plain(plan.measuredSeconds()),
                plain(plan.warmupSeconds()),
                plain(plan.timeoutSeconds())));
    PhotoMix.Summary photos = plan.photos();
    if (photos != null) {
      lines.add(
          "%,d photos %s, %,d to %,d KB (median %,d)"
              .formatted(
                  photos.photos(),
                  photos.order(),
                  photos.smallest() >> 10,
                  photos.largest() >> 10,
                  photos.median() >> 10));
    }
    if (!plan.note().isEmpty()) {
      lines.add(plan.note());
    }
    lines.add(report.machine().toString());
    return lines;
  }

  /** How well the generator kept to its plan. */
  static String generator(Run run) {
    Lateness.Summary late = run.lateness();
    CpuUse cpu = run.cpu();
    return ("generator: sent %,d, late by %.2f ms (p50), %.2f (p99), %.2f (most); %.2f %% later than"
            + " 1 ms, %.2f %% than 10 ms; %.2f of %d processors, %d ms of collections; machine %s busy,"
            + " %s stolen")
        .formatted(
            late.sent(),
            late.p50Ms(),
            late.p99Ms(),
            late.maxMs(),
            100 * late.laterThan1Ms(),
            100 * late.laterThan10Ms(),
            cpu.generatorProcessors(),
            cpu.processors(),
            cpu.collectionMs(),
            share(cpu.machineBusy()),
            share(cpu.stolen()));
  }

  private static List<String> run(Run run) {
    List<String> lines = new ArrayList<>();
    Result result = run.result();
    if (result == null) {
      run.problems().forEach(problem -> lines.add("invalid: " + problem));
      lines.add("nothing is claimed");
      return lines;
    }
    lines.addAll(TextTable.aligned(rates(result)));
    lines.add("");
    lines.addAll(TextTable.aligned(latencies(result)));
    if (!result.failures().isEmpty()) {
      lines.add("");
      lines.addAll(TextTable.aligned(failures(result)));
    }
    if (result.byFaces().size() > 1) {
      lines.add("");
      lines.addAll(TextTable.aligned(byFaces(result)));
    }
    for (ServerMetrics server : run.servers()) {
      lines.add("");
      lines.add(server.address() + (server.problem().isEmpty() ? "" : ": " + server.problem()));
      if (!server.changes().isEmpty()) {
        lines.addAll(TextTable.aligned(changes(server, false)));
      }
    }
    return lines;
  }

  /** The first line is the head, here and below. */
  static List<List<String>> rates(Result result) {
    return List.of(
        List.of("calls due", "answered", "failed", "answered/s", "faces/s"),
        List.of(
            "%,d".formatted(result.arrivals()),
            "%,d".formatted(result.answered()),
            "%,d".formatted(result.failed()),
            "%,.1f".formatted(result.answeredPerSecond()),
            "%,.1f".formatted(result.facesPerSecond())));
  }

  static List<List<String>> latencies(Result result) {
    Result.Latency answered = result.latency();
    Result.Percentiles all = result.ofAllArrivals();
    return List.of(
        List.of("latency, ms", "mean", "p50", "p90", "p99", "p99.9", "most"),
        List.of(
            "of the answered",
            millis(answered.meanMs()),
            millis(answered.p50Ms()),
            millis(answered.p90Ms()),
            millis(answered.p99Ms()),
            millis(answered.p999Ms()),
            millis(answered.maxMs())),
        List.of(
            "of all calls due",
            "-",
            millis(all.p50Ms()),
            millis(all.p90Ms()),
            millis(all.p99Ms()),
            millis(all.p999Ms()),
            "-"));
  }

  static List<List<String>> failures(Result result) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("failed with", "reason", "calls", "share %", "p50 ms", "p99 ms"));
    for (Result.FailureRow row : result.failures()) {
      table.add(
          List.of(
              row.code(),
              row.reason().isEmpty() ? "-" : row.reason(),
              "%,d".formatted(row.count()),
              "%.2f".formatted(100 * row.share()),
              millis(row.p50Ms()),
              millis(row.p99Ms())));
    }
    return table;
  }

  static List<List<String>> baseline(List<Comparison> comparisons) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("median of intervals", "baseline", "now", "change %", "chance", "verdict"));
    for (Comparison comparison : comparisons) {
      table.add(
          List.of(
              comparison.measure(),
              "%,.2f".formatted(comparison.before()),
              "%,.2f".formatted(comparison.now()),
              "%.1f".formatted(100 * comparison.change()),
              "%.4f".formatted(comparison.chance()),
              comparison.different() ? "differs" : "no difference"));
    }
    return table;
  }

  static List<List<String>> byFaces(Result result) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("faces in the answer", "calls", "p50 ms", "p99 ms"));
    for (Result.FacesRow row : result.byFaces()) {
      table.add(
          List.of(
              "%,d".formatted(row.faces()),
              "%,d".formatted(row.count()),
              millis(row.p50Ms()),
              millis(row.p99Ms())));
    }
    return table;
  }

  /**
   * What a server counted.
   *
   * @param all also histograms' buckets, what the JVM says of itself, and what does not only grow
   */
  static List<List<String>> changes(ServerMetrics server, boolean all) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("metric", "difference", "before", "after"));
    for (ServerMetrics.Change change : server.changes()) {
      boolean main =
          change.counted()
              && !change.series().contains("_bucket{")
              && !change.series().startsWith("jvm_");
      if (all || main) {
        table.add(
            List.of(
                change.series(),
                number(change.difference()),
                number(change.before()),
                number(change.after())));
      }
    }
    return table;
  }

  static List<List<String>> steps(Sweep sweep) {
    List<List<String>> table = new ArrayList<>();
    table.add(
        List.of(
            "rate/s",
            "answered/s",
            "failed",
            "p50 ms",
            "p99 ms",
            "late p99 ms",
            "busy",
            "verdict"));
    for (Sweep.Step step : sweep.steps()) {
      Result result = step.run().result();
      table.add(
          List.of(
              "%,.0f".formatted(step.rate()),
              result == null ? "-" : "%,.1f".formatted(result.answeredPerSecond()),
              result == null ? "-" : "%,d".formatted(result.failed()),
              result == null ? "-" : millis(result.ofAllArrivals().p50Ms()),
              result == null ? "-" : millis(result.ofAllArrivals().p99Ms()),
              "%.2f".formatted(step.run().lateness().p99Ms()),
              share(step.run().cpu().machineBusy()),
              result == null
                  ? "invalid: " + String.join("; ", step.run().problems())
                  : step.held() ? "holds" : "does not hold"));
    }
    return table;
  }

  static String conclusion(Sweep sweep) {
    String held =
        sweep.highestRate() == 0
            ? "no rate held p99 <= %s ms".formatted(plain(sweep.p99Ms()))
            : "p99 <= %s ms holds up to %,d calls/s"
                .formatted(plain(sweep.p99Ms()), sweep.highestRate());
    return held
        + switch (sweep.limit()) {
          case SERVICE -> " (in steps of %,d)".formatted(sweep.step());
          case GENERATOR -> "; beyond it the generator was late, and nothing is claimed";
          case MAX_RATE -> ", the highest that was allowed";
        };
  }

  private static String share(@Nullable Double share) {
    return share == null ? "?" : "%.0f %%".formatted(100 * share);
  }

  private static String millis(@Nullable Double millis) {
    return millis == null ? "never" : "%,.2f".formatted(millis);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? "%,.0f".formatted(value) : "%,.4f".formatted(value);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? "%.0f".formatted(value) : String.valueOf(value);
  }
}
