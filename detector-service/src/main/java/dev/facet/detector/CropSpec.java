package dev.facet.detector;

import dev.facet.models.Alignment;
import dev.facet.models.CropGeometry;

/** The geometry of a crop: its size in pixels, and how the face is placed in it. */
record CropSpec(int width, int height, Placement placement) {

  /** How a face is placed in a crop. */
  sealed interface Placement {}

  /** The landmarks are moved onto these, in pixels of the crop, by a similarity. */
  record OntoTemplate(Landmarks template) implements Placement {}

  /**
   * The box is given its shape, moved, enlarged, cut off if so asked, and stretched over the crop.
   *
   * @param margin added to width and height in total, as a fraction of them, half on each side
   * @param shiftDown by how much of its height the box moves down, before it is enlarged
   * @param cutOff ends the box with the picture, on whole pixels, where it would leave it
   */
  record AroundBox(float margin, Shape shape, float shiftDown, boolean cutOff)
      implements Placement {}

  /** What a box becomes around its centre. */
  enum Shape {
    AS_FOUND,
    SQUARE_OF_LONGER_SIDE,
    SQUARE_OF_MEAN_SIDE,
    SQUARE_OF_SHORTER_SIDE;

    Box of(Box box) {
      float side =
          switch (this) {
            case AS_FOUND -> Float.NaN;
            case SQUARE_OF_LONGER_SIDE -> box.longerSide();
            case SQUARE_OF_MEAN_SIDE -> (box.width() + box.height()) / 2;
            case SQUARE_OF_SHORTER_SIDE -> Math.min(box.width(), box.height());
          };
      return this == AS_FOUND ? box : box.resized(side, side);
    }
  }

  /** The crop that an embedder expects. */
  static CropSpec of(CropGeometry crop) {
    Placement placement =
        switch (crop.alignment()) {
          case Alignment.Template template ->
              new OntoTemplate(
                  new Landmarks(
                      point(template.leftEye()),
                      point(template.rightEye()),
                      point(template.nose()),
                      point(template.leftMouthCorner()),
                      point(template.rightMouthCorner())));
          case Alignment.BoxMargin box ->
              new AroundBox(
                  (float) box.total(),
                  switch (box.shape()) {
                    case AS_FOUND -> Shape.AS_FOUND;
                    case SQUARE_OF_LONGER_SIDE -> Shape.SQUARE_OF_LONGER_SIDE;
                    case SQUARE_OF_MEAN_SIDE -> Shape.SQUARE_OF_MEAN_SIDE;
                    case SQUARE_OF_SHORTER_SIDE -> Shape.SQUARE_OF_SHORTER_SIDE;
                  },
                  (float) box.shiftDown(),
                  box.outside() == Alignment.Outside.CUT_OFF);
        };
    return new CropSpec(crop.width(), crop.height(), placement);
  }

  private static Point point(Alignment.Point point) {
    return new Point((float) point.x(), (float) point.y());
  }

  /** Bytes of the pixels. */
  long bytes() {
    return 3L * width * height;
  }

  boolean needsLandmarks() {
    return placement instanceof OntoTemplate;
  }

  /**
   * The map from a picture of this size to this crop of one of its faces.
   *
   * @throws DegenerateLandmarksException if they have no extent
   * @throws IllegalArgumentException if landmarks are needed, and there are none
   */
  Affine from(KnownFace.At face, int pictureWidth, int pictureHeight) {
    return switch (placement) {
      case OntoTemplate onto ->
          Affine.similarity(
              face.landmarks()
                  .orElseThrow(() -> new IllegalArgumentException("a template needs landmarks"))
                  .points(),
              onto.template().points());
      case AroundBox around when face.angle() == 0 -> {
        Box box = enlarged(face.box(), 0, around);
        yield Affine.stretch(
            around.cutOff() ? box.cutOff(pictureWidth, pictureHeight) : box, width, height);
      }
      // The picture's edges are aslant to a turned box, so that none could be cut off with them.
      case AroundBox around ->
          Affine.stretch(enlarged(face.box(), face.angle(), around), face.angle(), width, height);
    };
  }

  /** Down is where the face has it. */
  private static Box enlarged(Box box, float angle, AroundBox around) {
    Box base = around.shape().of(box);
    Box moved = base.movedDown(around.shiftDown() * base.height(), angle);
    float factor = 1 + around.margin();
    return moved.resized(base.width() * factor, base.height() * factor);
  }
}
