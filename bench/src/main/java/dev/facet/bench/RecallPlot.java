package dev.facet.bench;

import com.google.errorprone.annotations.FormatMethod;
import dev.facet.bench.GalleryReport.Row;
import dev.facet.bench.GalleryReport.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Recall against latency as an SVG picture: the better a store, the nearer to the upper left. Two
 * panels share the logarithmic axis of time.
 */
final class RecallPlot {

  private static final int PANEL_WIDTH = 360;
  private static final int PANEL_HEIGHT = 260;
  private static final int LEFT = 60;
  private static final int TOP = 70;
  private static final int GAP = 70;
  private static final int WIDTH = LEFT + 2 * PANEL_WIDTH + GAP + 30;
  private static final int HEIGHT = TOP + PANEL_HEIGHT + 60;

  /** Okabe and Ito's, which the colour-blind can tell apart. */
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7");

  private final List<Store> stores;
  private final double fastest;
  private final double slowest;
  private final StringBuilder svg = new StringBuilder();

  private RecallPlot(GalleryReport report) {
    stores = report.stores();
    double[] times =
        stores.stream()
            .flatMap(store -> store.rows().stream())
            .mapToDouble(row -> row.load().p50Ms())
            .toArray();
    // Whole powers of two around the times, with room for the name of the fastest.
    fastest = Math.floor(log(DoubleStream.of(times).min().orElse(1)) - 0.8);
    slowest = Math.max(fastest + 1, Math.ceil(log(DoubleStream.of(times).max().orElse(1)) + 0.1));
  }

  static String svg(GalleryReport report) {
    RecallPlot plot = new RecallPlot(report);
    String title =
        "%,d faces: recall against the median time of a search, one client"
            .formatted(report.contents().vectors());
    plot.say(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH, HEIGHT);
    plot.say("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    plot.text(LEFT, 20, "start", title, "#000000");
    plot.panel(
        LEFT,
        "found of the faces within %.2f".formatted(report.contents().within()),
        row -> row.recall().within());
    plot.panel(LEFT + PANEL_WIDTH + GAP, "found of the ten nearest", row -> row.recall().at10());
    plot.say("</svg>");
    return plot.svg.toString();
  }

  private void panel(int left, String title, ToDoubleFunction<Row> recall) {
    double least =
        stores.stream().flatMap(store -> store.rows().stream()).mapToDouble(recall).min().orElse(0);
    // The axis begins a little below what was found, at a step of its own.
    double step = least > 0.98 ? 0.005 : least > 0.9 ? 0.02 : least > 0.6 ? 0.1 : 0.2;
    double low = Math.max(0, Math.floor(least / step - 0.01) * step);
    text(left, TOP - 24, "start", title, "#000000");
    for (int i = 0; low + i * step <= 1 + 1e-9; i++) {
      double value = low + i * step;
      double y = y(value, low);
      line(left, y, left + PANEL_WIDTH, y);
      text(left - 6, y + 4, "end", (step < 0.01 ? "%.3f" : "%.2f").formatted(value), "#555555");
    }
    for (double time = fastest; time <= slowest; time++) {
      double x = left + PANEL_WIDTH * (time - fastest) / (slowest - fastest);
      line(x, TOP, x, TOP + PANEL_HEIGHT);
      text(x, TOP + PANEL_HEIGHT + 18, "middle", millis(time), "#555555");
    }
    text(left + PANEL_WIDTH / 2.0, TOP + PANEL_HEIGHT + 40, "middle", "ms (p50)", "#555555");
    for (int store = 0; store < stores.size(); store++) {
      curve(left, store, low, recall);
    }
  }

  /** Names of even stores are above their points on the right, of odd ones on the left. */
  private void curve(int left, int number, double low, ToDoubleFunction<Row> recall) {
    Store store = stores.get(number);
    String colour = COLOURS.get(number % COLOURS.size());
    boolean right = number % 2 == 0;
    List<String> points = new ArrayList<>();
    for (Row row : store.rows()) {
      double x = left + PANEL_WIDTH * (log(row.load().p50Ms()) - fastest) / (slowest - fastest);
      double y = y(recall.applyAsDouble(row), low);
      points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
      say("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, colour);
      String label = points.size() == 1 ? store.name() + " " + row.setting() : row.setting();
      text(right ? x + 6 : x - 8, right ? y - 8 : y - 2, right ? "start" : "end", label, colour);
    }
    say(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>",
        String.join(" ", points), colour);
  }

  private static double y(double recall, double low) {
    return TOP + PANEL_HEIGHT * (1 - (recall - low) / Math.max(1 - low, 1e-9));
  }

  private static String millis(double power) {
    double millis = Math.pow(2, power);
    return millis >= 1 ? "%.0f".formatted(millis) : "%.3f".formatted(millis).replaceAll("0+$", "");
  }

  private static double log(double millis) {
    return Math.log(Math.max(millis, 1e-6)) / Math.log(2);
  }

  private void line(double x1, double y1, double x2, double y2) {
    say(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
        x1, y1, x2, y2);
  }

  private void text(double x, double y, String anchor, String text, String colour) {
    say(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, colour, text);
  }

  @FormatMethod
  private void say(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
