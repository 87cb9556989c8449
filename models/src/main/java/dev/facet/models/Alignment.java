package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** How a face is brought into the crop that an embedder expects. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Alignment.Template.class, name = "template"),
  @JsonSubTypes.Type(value = Alignment.BoxMargin.class, name = "box-margin")
})
public sealed interface Alignment {

  /** A similarity transform brings the five landmarks closest to these places in the crop. */
  record Template(
      Point leftEye, Point rightEye, Point nose, Point leftMouthCorner, Point rightMouthCorner)
      implements Alignment {

    Stream<Point> points() {
      return Stream.of(leftEye, rightEye, nose, leftMouthCorner, rightMouthCorner);
    }

    /** The same places in a crop of another size. */
    public Template scaled(double horizontally, double vertically) {
      UnaryOperator<Point> scale = p -> new Point(p.x() * horizontally, p.y() * vertically);
      return new Template(
          scale.apply(leftEye),
          scale.apply(rightEye),
          scale.apply(nose),
          scale.apply(leftMouthCorner),
          scale.apply(rightMouthCorner));
    }
  }

  /**
   * The face's box, made square and moved if so asked, is enlarged and stretched over the crop.
   *
   * <p>The catalogue writes {@code box-margin: 0.25}, or all four: {@code box-margin: {fraction:
   * 0.25, shape: as-found, shift-down: 0, outside: black}}, which means the same. References count
   * their margin otherwise: facenet-pytorch's is in pixels of the crop and for both sides together,
   * so that its margin m of a crop of side s is the fraction {@code m / (s - m) / 2}; a factor f on
   * the side is {@code (f - 1) / 2}.
   *
   * @param fraction by how much of the box's size each of its four sides moves out, 0 to 2; 0 is
   *     the box itself
   * @param shape what the box becomes before it is moved and enlarged
   * @param shiftDown by how much of the height of that shape it moves down, -1 to 1
   * @param outside what happens where the enlarged box leaves the picture
   */
  record BoxMargin(double fraction, Shape shape, double shiftDown, Outside outside)
      implements Alignment {

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public BoxMargin {
      Rules.require(
          fraction >= 0 && fraction <= 2, "alignment.box-margin must be 0 to 2", fraction);
      Rules.require(
          shiftDown >= -1 && shiftDown <= 1,
          "alignment.box-margin.shift-down must be -1 to 1",
          shiftDown);
    }

    /** The box as it was found, where it was found, black outside the picture. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BoxMargin(double fraction) {
      this(fraction, Shape.AS_FOUND, 0, Outside.BLACK);
    }

    /** What is added to width and height in total, both sides together, as a fraction of them. */
    public double total() {
      return 2 * fraction;
    }
  }

  /** What a box becomes around its centre. */
  enum Shape {
    /** Itself: a box that is not square is distorted to the crop. */
    @JsonProperty("as-found")
    AS_FOUND,
    @JsonProperty("square-of-longer-side")
    SQUARE_OF_LONGER_SIDE,
    @JsonProperty("square-of-mean-side")
    SQUARE_OF_MEAN_SIDE,
    @JsonProperty("square-of-shorter-side")
    SQUARE_OF_SHORTER_SIDE
  }

  /** What is shown where a box leaves the picture. */
  enum Outside {
    @JsonProperty("black")
    BLACK,
    /** Nothing: the box ends with the picture, and on whole pixels, as facenet-pytorch cuts it. */
    @JsonProperty("cut-off")
    CUT_OFF
  }

  /** A place in the crop, in pixels from its top left corner. */
  record Point(double x, double y) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Point of(List<Double> coordinates) {
      Rules.require(
          coordinates.size() == 2, "a point of alignment.template is [x, y]", coordinates);
      return new Point(coordinates.getFirst(), coordinates.getLast());
    }

    @JsonValue
    List<Double> coordinates() {
      return List.of(x, y);
    }
  }
}
