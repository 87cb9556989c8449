package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
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
  }

  /**
   * The face's box is enlarged and scaled to the crop.
   *
   * @param fraction by how much of the box's size each side moves out; 0 is the box itself
   */
  record BoxMargin(double fraction) implements Alignment {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public BoxMargin {
      Rules.require(
          fraction >= 0 && fraction <= 2, "alignment.box-margin must be 0 to 2", fraction);
    }
  }

  /** A place in the crop, in pixels from its top left corner. */
  record Point(double x, double y) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Point of(List<Double> coordinates) {
      Rules.require(
          coordinates.size() == 2, "a point of alignment.template is [x, y]", coordinates);
      return new Point(coordinates.getFirst(), coordinates.getLast());
    }
  }
}
