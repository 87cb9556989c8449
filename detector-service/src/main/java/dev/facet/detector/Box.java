package dev.facet.detector;

/** An upright rectangle in pixels, fractional, which may leave the picture. */
record Box(float x, float y, float width, float height) {

  Point centre() {
    return new Point(x + width / 2, y + height / 2);
  }

  float area() {
    return width * height;
  }

  Box scaled(float horizontally, float vertically) {
    return new Box(x * horizontally, y * vertically, width * horizontally, height * vertically);
  }

  /** Intersection over union, 0 to 1. */
  float overlap(Box other) {
    float across = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
    float down = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
    if (across <= 0 || down <= 0) {
      return 0;
    }
    float shared = across * down;
    return shared / (area() + other.area() - shared);
  }
}
