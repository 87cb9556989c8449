package dev.facet.bench.load;

import com.google.errorprone.annotations.FormatMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A picture in SVG: curves or bars over one axis, with a legend. Gaps in a curve are NaN. */
final class Plot {

  private static final int WIDTH = 860;
  private static final int HEIGHT = 280;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 46;
  private static final int BOTTOM = 44;
  private static final int TICKS = 6;

  /** Okabe and Ito's, which the colour-blind can tell apart. */
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00");

  private final String title;
  private final String xName;
  private final Axis x;
  private final Axis y;
  private final StringBuilder svg = new StringBuilder();
  private int curves;
  private int legend = LEFT;

  /** Values along one side; where it is logarithmic, none is below its low end. */
  record Axis(double low, double high, boolean logarithmic) {

    /** From zero to a little above the largest. */
    static Axis fromZero(double largest) {
      return new Axis(0, largest > 0 ? largest * 1.05 : 1, false);
    }

    /** Whole powers of ten around the values. */
    static Axis decades(double smallest, double largest) {
      double low = Math.pow(10, Math.floor(Math.log10(Math.max(smallest, 1e-6))));
      return new Axis(
          low, Math.max(10 * low, Math.pow(10, Math.ceil(Math.log10(largest) - 1e-9))), true);
    }

    /** 0 to 1. */
    double place(double value) {
      double part =
          logarithmic
              ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
              : (value - low) / (high - low);
      return Math.clamp(part, 0, 1);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      if (logarithmic) {
        for (double tick = low; tick <= high * 1.001; tick *= 10) {
          ticks.add(tick);
        }
        return ticks;
      }
      double rough = (high - low) / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step =
          power * (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1);
      for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
        ticks.add(tick);
      }
      return ticks;
    }
  }

  Plot(String title, String xName, Axis x, Axis y) {
    this.title = title;
    this.xName = xName;
    this.x = x;
    this.y = y;
    say(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT);
    say("<title>%s</title>", Html.escaped(title));
    say("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    axes();
  }

  /** A curve through the points. */
  Plot curve(String name, double[] xs, double[] ys) {
    String colour = legend(name);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i <= xs.length; i++) {
      if (i < xs.length && Double.isFinite(ys[i])) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", px(xs[i]), py(ys[i])));
      } else if (!points.isEmpty()) {
        say(
            "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\""
                + " stroke-linejoin=\"round\"/>",
            points.toString().strip(), colour);
        points.setLength(0);
      }
    }
    return this;
  }

  /** Bars that stand on the axis, each from one value to the next. */
  Plot bars(String name, double[] edges, double[] heights) {
    String colour = legend(name);
    for (int i = 0; i < heights.length; i++) {
      double top = py(heights[i]);
      if (heights[i] > 0) {
        say(
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
            px(edges[i]),
            top,
            Math.max(0.5, px(edges[i + 1]) - px(edges[i]) - 1),
            Math.max(0.5, HEIGHT - BOTTOM - top),
            colour);
      }
    }
    return this;
  }

  /** A line across, with what it stands for. */
  Plot bound(String name, double value) {
    String colour = legend(name);
    say(
        "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\" stroke-dasharray=\"5 4\"/>",
        LEFT, py(value), WIDTH - RIGHT, py(value), colour);
    return this;
  }

  String svg() {
    return svg + "</svg>\n";
  }

  private void axes() {
    text(LEFT, 16, "start", title, "#000000");
    for (double tick : y.ticks()) {
      line(LEFT, py(tick), WIDTH - RIGHT, py(tick));
      text(LEFT - 8, py(tick) + 4, "end", label(tick), "#555555");
    }
    for (double tick : x.ticks()) {
      line(px(tick), TOP, px(tick), HEIGHT - BOTTOM);
      text(px(tick), HEIGHT - BOTTOM + 16, "middle", label(tick), "#555555");
    }
    text(LEFT + (WIDTH - LEFT - RIGHT) / 2.0, HEIGHT - 8, "middle", xName, "#555555");
  }

  private String legend(String name) {
    String colour = COLOURS.get(curves++ % COLOURS.size());
    say("<rect x=\"%d\" y=\"26\" width=\"12\" height=\"4\" fill=\"%s\"/>", legend, colour);
    text(legend + 16, 32, "start", name, "#333333");
    legend += 32 + 7 * name.length();
    return colour;
  }

  private double px(double value) {
    return LEFT + (WIDTH - LEFT - RIGHT) * x.place(value);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y.place(value);
  }

  private static String label(double value) {
    String text = value >= 100 ? "%,.0f".formatted(value) : "%.4f".formatted(value);
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  private void line(double x1, double y1, double x2, double y2) {
    say(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
        x1, y1, x2, y2);
  }

  private void text(double at, double height, String anchor, String text, String colour) {
    say(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        at, height, anchor, colour, Html.escaped(text));
  }

  @FormatMethod
  private void say(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
