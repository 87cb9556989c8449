package dev.facet.bench.all;

import com.google.errorprone.annotations.FormatMethod;
import java.util.List;
import java.util.Objects;

/**
 * Every figure that has a target as a bar from half of it to twice it, in SVG. What is left of the
 * line in the middle is better than promised.
 */
final class SpeedPlot {

  private static final int ROW = 26;
  private static final int LEFT = 380;
  private static final int BAR = 360;
  private static final int RIGHT = 110;
  private static final int TOP = 60;
  private static final int WIDTH = LEFT + BAR + RIGHT;

  private final StringBuilder svg = new StringBuilder();

  private SpeedPlot() {}

  static String svg(SpeedReport report) {
    SpeedPlot plot = new SpeedPlot();
    List<Finding> findings =
        report.findings().stream()
            .filter(finding -> finding.target() != null && finding.rounds() != null)
            .toList();
    int height = TOP + findings.size() * ROW + 20;
    plot.say(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH, height);
    plot.say("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, height);
    plot.text(10, 20, "start", "Measured beside the target: left of the line is better", "#000000");
    for (double share : new double[] {0.5, 1, 2}) {
      double x = x(share);
      plot.say(
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>",
          x, TOP - 10, x, height - 20, share == 1 ? "#000000" : "#dddddd");
      plot.text(
          x,
          TOP - 16,
          "middle",
          share == 1 ? "target" : share < 1 ? "half of it" : "twice",
          "#555555");
    }
    for (int i = 0; i < findings.size(); i++) {
      plot.bar(findings.get(i), TOP + i * ROW);
    }
    plot.say("</svg>");
    return plot.svg.toString();
  }

  private void bar(Finding finding, int y) {
    Sample rounds = Objects.requireNonNull(finding.rounds());
    boolean met = finding.verdict() == Finding.Verdict.MET;
    String colour = met ? "#0072b2" : "#d55e00"; // Okabe and Ito's
    double from = x(share(finding, rounds.least()));
    double to = x(share(finding, rounds.most()));
    double middle = x(share(finding, rounds.median()));
    text(LEFT - 20, y + 12, "end", finding.what(), "#000000");
    say(
        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"10\" fill=\"%s\" opacity=\"0.35\"/>",
        Math.min(from, to), y + 3, Math.max(1, Math.abs(to - from)), colour);
    say(
        "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"%s\"><title>%s, target %s</title></circle>",
        middle, y + 8, colour, escaped(finding.measuredText()), escaped(finding.targetText()));
    text(
        LEFT + BAR + 12,
        y + 12,
        "start",
        finding.measuredText() + " (" + finding.targetText() + ")",
        colour);
  }

  /** 1 at the target, less where it is better. */
  private static double share(Finding finding, double value) {
    Finding.Target target = Objects.requireNonNull(finding.target());
    return target.atMost() ? value / target.bound() : target.bound() / value;
  }

  /** Logarithmic; what is off the picture is at its edge. */
  private static double x(double share) {
    double place = share > 0 ? (Math.log(share) / Math.log(2) + 1) / 2 : 0;
    return LEFT + BAR * Math.clamp(place, 0, 1);
  }

  private void text(double x, double y, String anchor, String text, String colour) {
    say(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        x, y, anchor, colour, escaped(text));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  @FormatMethod
  private void say(String format, Object... values) {
    svg.append(format.formatted(values)).append('\n');
  }
}
