package dev.facet.gateway;

import dev.facet.gateway.archive.Chip.Landmarks;

/** The geometry of a crop, in pixels, as an embedding model wants it. */
record CropSpec(int width, int height, Placement placement) {

  /** How the face is placed in the crop. */
  sealed interface Placement {}

  /** The five points are moved onto these, in pixels of the crop. */
  record Template(Landmarks landmarks) implements Placement {}

  /** The face's box is resized to the crop, enlarged by a fraction and made square on request. */
  record Enlarged(float margin, boolean square) implements Placement {}
}
