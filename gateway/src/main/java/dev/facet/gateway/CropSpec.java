package dev.facet.gateway;

import dev.facet.gateway.archive.Chip.Landmarks;

/** The geometry of a crop, in pixels, as an embedding model wants it. */
record CropSpec(int width, int height, Placement placement) {

  /** How the face is placed in the crop. */
  sealed interface Placement {}

  /** The five points are moved onto these, in pixels of the crop. */
  record Template(Landmarks landmarks) implements Placement {}

  /**
   * The face's box is given its shape, moved down by a fraction of its height, enlarged by a
   * fraction in total, cut off at the picture's edges on request, and resized to the crop.
   */
  record Enlarged(float margin, Shape shape, float shiftDown, boolean cutOff)
      implements Placement {}

  /** What a box becomes around its centre. */
  enum Shape {
    AS_FOUND,
    SQUARE_OF_LONGER_SIDE,
    SQUARE_OF_MEAN_SIDE,
    SQUARE_OF_SHORTER_SIDE
  }
}
