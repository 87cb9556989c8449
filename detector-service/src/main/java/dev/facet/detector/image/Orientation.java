package dev.facet.detector.image;

/**
 * How stored pixels are turned to stand upright: the eight values of the EXIF tag Orientation (CIPA
 * DC-008, tag 0x0112), in its order. First transposed (rows become columns), then mirrored.
 */
public enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  MIRRORED_UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_LEFT(true, true, false),
  TRANSVERSED(true, true, true),
  TURNED_RIGHT(true, false, true);

  private final boolean transposed;
  private final boolean mirroredAcross;
  private final boolean mirroredDown;

  Orientation(boolean transposed, boolean mirroredAcross, boolean mirroredDown) {
    this.transposed = transposed;
    this.mirroredAcross = mirroredAcross;
    this.mirroredDown = mirroredDown;
  }

  /** The orientation of an EXIF value; anything but 1 to 8 is upright. */
  static Orientation ofExif(int value) {
    return value >= 1 && value <= 8 ? values()[value - 1] : UPRIGHT;
  }

  boolean transposed() {
    return transposed;
  }

  /** After transposing, left and right are exchanged. */
  boolean mirroredAcross() {
    return mirroredAcross;
  }

  /** After transposing, top and bottom are exchanged. */
  boolean mirroredDown() {
    return mirroredDown;
  }
}
