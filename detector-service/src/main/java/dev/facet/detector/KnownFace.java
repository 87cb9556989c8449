package dev.facet.detector;

/** Where the face is in a picture whose caller knows it, in pixels of the upright picture. */
sealed interface KnownFace {

  /** The five points are known; the box is the smallest around them. */
  record At(Landmarks landmarks) implements KnownFace {}

  /** Only the box is known. */
  record Inside(Box box) implements KnownFace {}

  /** The picture is a face already, aligned as the crops want it. */
  record WholePicture() implements KnownFace {}
}
