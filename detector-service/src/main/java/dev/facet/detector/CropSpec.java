package dev.facet.detector;

import java.util.Optional;

/** The geometry of a crop: its size in pixels, and how the face is placed in it. */
record CropSpec(int width, int height, Placement placement) {

  /** How a face is placed in a crop. */
  sealed interface Placement {}

  /** The landmarks are moved onto these, in pixels of the crop, by a similarity. */
  record OntoTemplate(Landmarks template) implements Placement {}

  /**
   * The box is enlarged and stretched over the crop.
   *
   * @param margin added to width and height as a fraction of them, half on each side
   * @param square take a square with the box's longer side first
   */
  record AroundBox(float margin, boolean square) implements Placement {}

  /** Bytes of the pixels. */
  long bytes() {
    return 3L * width * height;
  }

  boolean needsLandmarks() {
    return placement instanceof OntoTemplate;
  }

  /**
   * The map from a picture to this crop of one of its faces.
   *
   * @throws DegenerateLandmarksException if they have no extent
   * @throws IllegalArgumentException if landmarks are needed, and there are none
   */
  Affine from(Box box, Optional<Landmarks> landmarks) {
    return switch (placement) {
      case OntoTemplate onto ->
          Affine.similarity(
              landmarks
                  .orElseThrow(() -> new IllegalArgumentException("a template needs landmarks"))
                  .points(),
              onto.template().points());
      case AroundBox around -> Affine.stretch(enlarged(box, around), width, height);
    };
  }

  private static Box enlarged(Box box, AroundBox around) {
    Box base = around.square() ? box.resized(box.longerSide(), box.longerSide()) : box;
    float factor = 1 + around.margin();
    return base.resized(base.width() * factor, base.height() * factor);
  }
}
