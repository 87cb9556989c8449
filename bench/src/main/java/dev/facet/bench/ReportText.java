package dev.facet.bench;

import dev.facet.bench.GalleryReport.Contents;
import dev.facet.bench.GalleryReport.Row;
import dev.facet.bench.GalleryReport.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The report as tables, for a terminal or for a page in Markdown. */
final class ReportText {

  private final GalleryReport report;

  ReportText(GalleryReport report) {
    this.report = report;
  }

  /** What was searched, and where. */
  List<String> head() {
    Contents contents = report.contents();
    return List.of(
        "%,d faces of %,d people, %d dimensions, %,d deleted; %,d queries of people enrolled with other photos"
            .formatted(
                contents.vectors(),
                contents.people(),
                contents.dimension(),
                contents.deleted(),
                contents.queries()),
        "drawn from %s, seed %d; %,d faces are within %.2f of a query"
            .formatted(contents.factors(), contents.seed(), contents.near(), contents.within()),
        report.machine().toString());
  }

  /** How good and how fast; the first line is the head. */
  List<List<String>> searches() {
    Set<Integer> clients = new TreeSet<>();
    report.stores().stream()
        .flatMap(store -> store.rows().stream())
        .forEach(row -> clients.addAll(row.queriesPerSecond().keySet()));
    List<List<String>> table = new ArrayList<>();
    List<String> head =
        new ArrayList<>(
            List.of("store", "setting", "within", "recall@1", "recall@10", "p50 ms", "p99 ms"));
    clients.forEach(number -> head.add("QPS x" + number));
    table.add(head);
    for (Store store : report.stores()) {
      for (Row row : store.rows()) {
        List<String> line =
            new ArrayList<>(
                List.of(
                    store.name(),
                    row.setting(),
                    "%.4f".formatted(row.recall().within()),
                    "%.4f".formatted(row.recall().at1()),
                    "%.4f".formatted(row.recall().at10()),
                    "%.2f".formatted(row.load().p50Ms()),
                    "%.2f".formatted(row.load().p99Ms())));
        clients.forEach(
            number ->
                line.add("%,.0f".formatted(row.queriesPerSecond().getOrDefault(number, 0.0))));
        table.add(line);
      }
    }
    return table;
  }

  /** What it costs; the first line is the head. */
  List<List<String>> stores() {
    List<List<String>> table = new ArrayList<>();
    table.add(
        List.of("store", "build s", "start s", "heap MiB", "outside MiB", "disk MiB", "what"));
    for (Store store : report.stores()) {
      table.add(
          List.of(
              store.name(),
              "%.1f".formatted(store.buildSeconds()),
              "%.2f".formatted(store.startSeconds()),
              "%,.0f".formatted(store.heapMib()),
              megabytes(store.outsideHeapMib()),
              "%,.0f".formatted(store.diskMib()),
              store.description()));
    }
    return table;
  }

  /**
   * All of it in Markdown.
   *
   * @param plot name of the picture beside it
   */
  String page(String plot) {
    List<String> lines = new ArrayList<>();
    lines.add("# Galleries of %,d faces".formatted(report.contents().vectors()));
    lines.add("");
    lines.add("Made by `facet bench gallery`, whose `--help` says what the columns mean.");
    lines.add("");
    head().forEach(line -> lines.add("* " + line));
    lines.add("");
    lines.addAll(markdown(searches()));
    lines.add("");
    lines.addAll(markdown(stores()));
    lines.add("");
    lines.add("![recall against latency](" + plot + ")");
    return String.join("\n", lines) + "\n";
  }

  private static List<String> markdown(List<List<String>> table) {
    List<String> lines = new ArrayList<>();
    table.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    lines.add(1, "|---".repeat(table.getFirst().size()) + "|");
    return lines;
  }

  private static String megabytes(@Nullable Double value) {
    return value == null ? "-" : "%,.0f".formatted(value);
  }
}
