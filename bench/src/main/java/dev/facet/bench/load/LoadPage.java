package dev.facet.bench.load;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The report as one HTML file that needs no other: tables and plots. */
final class LoadPage {

  private static final String STYLE =
      """
      body { font-family: sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #222 }
      table { border-collapse: collapse; margin: 1em 0; font-size: 90% }
      th, td { border: 1px solid #ddd; padding: 0.2em 0.6em; text-align: right }
      th:first-child, td:first-child { text-align: left }
      svg { width: 100%; height: auto; margin: 0.6em 0 }
      .invalid { background: #d55e00; color: white; padding: 0.6em 1em; font-weight: bold }
      .answer { background: #e8f1f8; padding: 0.6em 1em; font-weight: bold }
      """;

  private final LoadReport report;
  private final StringBuilder html = new StringBuilder();

  private LoadPage(LoadReport report) {
    this.report = report;
  }

  static String of(LoadReport report) {
    return new LoadPage(report).page();
  }

  private String page() {
    String title = "Load: " + report.plan().call();
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .append(Html.escaped(title))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n");
    element("h1", title);
    element("p", report.began());
    LoadText.head(report).forEach(line -> element("p", line));
    Sweep sweep = report.sweep();
    if (sweep == null) {
      report.runs().forEach(this::run);
      if (!report.baseline().isEmpty()) {
        element("h2", "Beside the baseline");
        html.append(Html.table(LoadText.baseline(report.baseline())));
      }
    } else {
      sweep(sweep);
    }
    return html.append("</body>\n</html>\n").toString();
  }

  private void sweep(Sweep sweep) {
    html.append("<p class=\"")
        .append(sweep.limit() == Sweep.Limit.GENERATOR ? "invalid" : "answer")
        .append("\">")
        .append(Html.escaped(LoadText.conclusion(sweep)))
        .append("</p>\n");
    List<Sweep.Step> steps =
        sweep.steps().stream()
            .filter(step -> step.run().valid())
            .sorted((a, b) -> Double.compare(a.rate(), b.rate()))
            .toList();
    double[] rates = steps.stream().mapToDouble(Sweep.Step::rate).toArray();
    double[] p50 = percentiles(steps, Result.Percentiles::p50Ms);
    double[] p99 = percentiles(steps, Result.Percentiles::p99Ms);
    if (rates.length > 0) {
      html.append(
          new Plot(
                  "latency of all calls due, ms, against calls per second",
                  "calls per second",
                  Plot.Axis.fromZero(rates[rates.length - 1]),
                  Plot.Axis.decades(
                      Math.min(sweep.p99Ms(), least(p50, p99)),
                      Math.max(sweep.p99Ms(), most(p50, p99))))
              .curve("p50", rates, p50)
              .curve("p99", rates, p99)
              .bound("bound of the p99", sweep.p99Ms())
              .svg());
    }
    html.append(Html.table(LoadText.steps(sweep)));
    for (Sweep.Step step : sweep.steps()) {
      html.append("<details><summary>%,.0f calls/s</summary>\n".formatted(step.rate()));
      run(step.run());
      html.append("</details>\n");
    }
  }

  private void run(Run run) {
    element("h2", run.pace().toString());
    element("p", LoadText.generator(run));
    Result result = run.result();
    if (result == null) {
      for (String problem : run.problems()) {
        html.append("<p class=\"invalid\">invalid: ")
            .append(Html.escaped(problem))
            .append("</p>\n");
      }
      element("p", "Nothing is claimed.");
      return;
    }
    html.append(Html.table(LoadText.rates(result)));
    html.append(Html.table(LoadText.latencies(result)));
    if (!result.failures().isEmpty()) {
      html.append(Html.table(LoadText.failures(result)));
    }
    if (result.byFaces().size() > 1) {
      html.append(Html.table(LoadText.byFaces(result)));
    }
    plots(result);
    for (ServerMetrics server : run.servers()) {
      element("h3", server.address());
      element("p", server.problem());
      if (!server.changes().isEmpty()) {
        html.append(Html.table(LoadText.changes(server, false)));
        html.append("<details><summary>all that changed</summary>\n")
            .append(Html.table(LoadText.changes(server, true)))
            .append("</details>\n");
      }
    }
  }

  private void plots(Result result) {
    List<Result.Piece> course = result.course();
    double[] at = values(course, piece -> piece.fromSeconds() + piece.seconds() / 2);
    Plot.Axis time =
        new Plot.Axis(0, course.getLast().fromSeconds() + course.getLast().seconds(), false);
    double[] p50 = values(course, piece -> orGap(piece.p50Ms()));
    double[] p99 = values(course, piece -> orGap(piece.p99Ms()));
    double[] most = values(course, piece -> orGap(piece.maxMs()));
    html.append(
        new Plot(
                "latency, ms, of the calls due at that time and answered",
                "seconds",
                time,
                Plot.Axis.decades(least(p50), most(most)))
            .curve("p50", at, p50)
            .curve("p99", at, p99)
            .curve("most", at, most)
            .svg());
    double[] due = values(course, piece -> piece.arrivals() / piece.seconds());
    double[] answered = values(course, piece -> piece.answered() / piece.seconds());
    double[] failed = values(course, piece -> piece.failed() / piece.seconds());
    html.append(
        new Plot(
                "calls per second",
                "seconds",
                time,
                Plot.Axis.fromZero(Math.max(most(due), Math.max(most(answered), most(failed)))))
            .curve("due", at, due)
            .curve("answered", at, answered)
            .curve("failed", at, failed)
            .svg());
    distribution(result.distribution());
  }

  private void distribution(List<Result.Bin> bins) {
    if (bins.isEmpty()) {
      return;
    }
    double[] edges = new double[bins.size() + 1];
    double[] counts = new double[bins.size()];
    for (int i = 0; i < bins.size(); i++) {
      edges[i] = bins.get(i).fromMs();
      edges[i + 1] = bins.get(i).toMs();
      counts[i] = bins.get(i).count();
    }
    html.append(
        new Plot(
                "answered calls by their latency",
                "ms",
                Plot.Axis.decades(edges[0], edges[bins.size()]),
                Plot.Axis.fromZero(most(counts)))
            .bars("calls", edges, counts)
            .svg());
  }

  private static double[] percentiles(
      List<Sweep.Step> steps, Function<Result.Percentiles, @Nullable Double> which) {
    return steps.stream()
        .mapToDouble(
            step -> {
              Result result = step.run().result();
              return result == null ? Double.NaN : orGap(which.apply(result.ofAllArrivals()));
            })
        .toArray();
  }

  private static double[] values(List<Result.Piece> course, ToDoubleFunction<Result.Piece> value) {
    return course.stream().mapToDouble(value).toArray();
  }

  private static double orGap(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static double least(double[]... values) {
    return Arrays.stream(values)
        .flatMapToDouble(Arrays::stream)
        .filter(Double::isFinite)
        .min()
        .orElse(1);
  }

  private static double most(double[]... values) {
    return Arrays.stream(values)
        .flatMapToDouble(Arrays::stream)
        .filter(Double::isFinite)
        .max()
        .orElse(1);
  }

  private void element(String name, String text) {
    if (!text.isEmpty()) {
      html.append("<%s>%s</%s>\n".formatted(name, Html.escaped(text), name));
    }
  }
}
