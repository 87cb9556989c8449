package dev.facet.detector;

import dev.facet.detector.Canvas.Shape;
import dev.facet.detector.image.Picture;
import java.util.Comparator;
import java.util.List;

/** The few sizes that pictures are padded to, and the choice among them. */
final class CanvasShapes {
  private final List<Shape> shapes;

  /**
   * @param sizes for example {@code 640x480}, width first
   * @param multiple what each side must be a multiple of
   */
  CanvasShapes(List<String> sizes, int multiple) {
    this.shapes =
        sizes.stream()
            .map(size -> parse(size, multiple))
            .sorted(Comparator.comparingInt(Shape::bytes))
            .toList();
  }

  private static Shape parse(String size, int multiple) {
    if (!size.matches("[1-9][0-9]{1,3}x[1-9][0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "a size is written as 640x480, not \"%s\"".formatted(size));
    }
    int at = size.indexOf('x');
    Shape shape =
        new Shape(
            Integer.parseInt(size.substring(0, at)), Integer.parseInt(size.substring(at + 1)));
    if (shape.width() % multiple != 0 || shape.height() % multiple != 0) {
      throw new IllegalArgumentException(
          "the sides of %s must be multiples of %d".formatted(size, multiple));
    }
    return shape;
  }

  List<Shape> all() {
    return shapes;
  }

  /** The longest side that a picture can be searched at. */
  int longestSide() {
    return Math.min(shapes.getLast().width(), shapes.getLast().height());
  }

  /**
   * The picture on the smallest canvas that takes it, shrunk until its longer side has {@code
   * maxSide} pixels, at most {@link #longestSide}.
   */
  Canvas draw(Picture picture, int maxSide, float minScore) {
    double scale = Math.min(1, (double) maxSide / Math.max(picture.width(), picture.height()));
    int width = scaled(picture.width(), scale);
    int height = scaled(picture.height(), scale);
    Shape shape =
        shapes.stream().filter(canvas -> canvas.holds(width, height)).findFirst().orElseThrow();
    return Canvas.of(picture, width, height, shape, minScore);
  }

  private static int scaled(int side, double scale) {
    return (int) Math.max(1, Math.round(side * scale));
  }
}
