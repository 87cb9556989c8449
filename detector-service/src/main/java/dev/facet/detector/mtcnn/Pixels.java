package dev.facet.detector.mtcnn;

/**
 * A picture on the heap: interleaved red, green, blue, row by row, without padding.
 *
 * <p>On the heap, because runners read it: what a caller that left early does not wait for any more
 * must not be freed under them.
 */
public final class Pixels {
  private final int width;
  private final int height;
  private final byte[] rgb;

  /**
   * @param rgb width × height × 3 bytes, not to be changed afterwards
   */
  public Pixels(int width, int height, byte[] rgb) {
    if (rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "%d×%d pixels are not %d bytes".formatted(width, height, rgb.length));
    }
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  /** Pixels in a row. */
  public int width() {
    return width;
  }

  /** Rows. */
  public int height() {
    return height;
  }

  byte[] rgb() {
    return rgb;
  }
}
