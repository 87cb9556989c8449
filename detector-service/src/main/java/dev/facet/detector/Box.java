package dev.facet.detector;

/**
 * An upright rectangle in pixels, fractional, which may leave the picture; that of a whole picture
 * is (0, 0, width, height).
 */
public record Box(float x, float y, float width, float height) {

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

  /** Moved down as seen once the picture is turned so many degrees counter-clockwise. */
  Box movedDown(float distance, float angle) {
    double radians = Math.toRadians(angle);
    return new Box(
        (float) (x - distance * Math.sin(radians)),
        (float) (y + distance * Math.cos(radians)),
        width,
        height);
  }

  /** The smallest upright box around this one turned about its centre. */
  Box aroundTurned(float angle) {
    double cos = Math.abs(Math.cos(Math.toRadians(angle)));
    double sin = Math.abs(Math.sin(Math.toRadians(angle)));
    return resized((float) (width * cos + height * sin), (float) (width * sin + height * cos));
  }

  /** The whole pixels of a picture under this box, rounded down, at least one each way. */
  Box cutOff(int pictureWidth, int pictureHeight) {
    int left = Math.clamp((long) x, 0, pictureWidth - 1);
    int top = Math.clamp((long) y, 0, pictureHeight - 1);
    int right = Math.clamp((long) (x + width), left + 1, pictureWidth);
    int bottom = Math.clamp((long) (y + height), top + 1, pictureHeight);
    return new Box(left, top, right - left, bottom - top);
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
