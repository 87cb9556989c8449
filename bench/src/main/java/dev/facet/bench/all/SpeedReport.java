package dev.facet.bench.all;

import dev.facet.bench.Machine;
import dev.facet.bench.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code facet bench all} found; the JSON document is of this shape.
 *
 * @param began date and time in UTC
 * @param seconds that it took
 * @param quick whether rounds were few and short
 */
record SpeedReport(
    String began, long seconds, Machine machine, boolean quick, List<Finding> findings) {

  private static final List<String> HEAD =
      List.of("point", "what", "target", "measured", "spread", "", "peer");

  /** For a terminal. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(head());
    lines.add("");
    lines.addAll(TextTable.aligned(rows()));
    lines.add("");
    lines.add(summary());
    return lines;
  }

  /**
   * As Markdown.
   *
   * @param plot a picture's file beside it
   */
  String page(String plot) {
    List<String> lines = new ArrayList<>();
    lines.add("# Speed");
    lines.add("");
    head().forEach(line -> lines.add(line + "  "));
    lines.add("");
    lines.add("![Each figure beside its target](" + plot + ")");
    lines.add("");
    List<List<String>> rows = rows();
    lines.add(row(rows.getFirst()));
    lines.add("|---".repeat(HEAD.size()) + "|");
    rows.stream().skip(1).map(SpeedReport::row).forEach(lines::add);
    lines.add("");
    lines.add(summary());
    return String.join("\n", lines) + "\n";
  }

  private List<String> head() {
    return List.of(
        "%s, %d s%s".formatted(began, seconds, quick ? ", quick: few and short rounds" : ""),
        machine.toString(),
        "measured: the median over the rounds; spread: the least and the most");
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Finding finding : findings) {
      rows.add(
          List.of(
              finding.point(),
              finding.what(),
              finding.targetText(),
              finding.measuredText(),
              finding.spreadText(),
              finding.verdict() == Finding.Verdict.TOLD ? "" : finding.verdict().toString(),
              finding.peer()));
    }
    return rows;
  }

  private String summary() {
    return List.of(Finding.Verdict.MET, Finding.Verdict.MISSED, Finding.Verdict.OPEN).stream()
        .map(
            verdict ->
                "%d %s"
                    .formatted(
                        findings.stream().filter(found -> found.verdict() == verdict).count(),
                        verdict))
        .collect(Collectors.joining(", "));
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
