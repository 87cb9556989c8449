package dev.facet.detector;

/** A place in pixels of the upright picture; (0, 0) is the centre of the top left pixel. */
record Point(float x, float y) {

  Point scaled(float horizontally, float vertically) {
    return new Point(x * horizontally, y * vertically);
  }
}
