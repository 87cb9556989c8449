package dev.facet.detector;

/**
 * An upright rectangle in pixels, fractional, which may leave the picture; that of a whole picture
 * is (0, 0, width, height).
 */
record Box(float x, float y, float width, float height) {

  Point centre() {
    return new Point(x + width / 2, y + height / 2);
  }

  float longerSide() {
    return Math.max(width, height);
  }

  float area() {
    return width * height;
  }

  Box scaled(float horizontally, float vertically) {
    return new Box(x * horizontally, y * vertically, width * horizontally, height * vertically);
  }

  /** The box of these sides around the same centre. */
  Box resized(float newWidth, float newHeight) {
    return new Box(x + (width - newWidth) / 2, y + (height - newHeight) / 2, newWidth, newHeight);
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
