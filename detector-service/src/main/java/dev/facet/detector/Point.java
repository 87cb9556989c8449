package dev.facet.detector;

/** A place in pixels of the upright picture; (0, 0) is the centre of the top left pixel. */
public record Point(float x, float y) {

  static Point middle(Point a, Point b) {
    return new Point((a.x + b.x) / 2, (a.y + b.y) / 2);
  }

  double distance(Point other) {
    return Math.hypot(x - other.x, y - other.y);
  }

  /** The same place in a picture of so many times the size: pixels grow around their centres. */
  Point scaled(float horizontally, float vertically) {
    return new Point((x + 0.5f) * horizontally - 0.5f, (y + 0.5f) * vertically - 0.5f);
  }
}
