package dev.facet.detector.mtcnn;

/** A rectangle of whole pixels within a picture. */
record Window(Pixels pixels, int x, int y, int width, int height) {

  static Window whole(Pixels pixels) {
    return new Window(pixels, 0, 0, pixels.width(), pixels.height());
  }

  /**
   * What a picture shows of a candidate. The corners are cut to whole numbers, towards zero, and
   * are positions that count from 1; both belong to the window.
   */
  static Window under(Candidates candidates, int i, Pixels pixels) {
    int left = Math.max(1, (int) candidates.left(i));
    int top = Math.max(1, (int) candidates.top(i));
    int right = Math.min(pixels.width(), (int) candidates.right(i));
    int bottom = Math.min(pixels.height(), (int) candidates.bottom(i));
    return new Window(pixels, left - 1, top - 1, right - left + 1, bottom - top + 1);
  }

  boolean isVisible() {
    return width > 0 && height > 0;
  }
}
