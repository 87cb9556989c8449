package dev.facet.gateway.archive;

import dev.facet.gateway.ledger.ModelId;

/**
 * A picture around one face, with all that is needed to crop it again for another model.
 *
 * @param image encoded. Shared, never changed.
 * @param width pixels in a row
 * @param height rows
 * @param box of the face, in pixels of the chip
 * @param landmarks of the face, in pixels of the chip
 * @param detector what found box and landmarks
 * @param angle turning the picture by so many degrees counter-clockwise brings the face upright
 */
@SuppressWarnings("ArrayRecordComponent")
public record Chip(
    byte[] image,
    Format format,
    int width,
    int height,
    Box box,
    Landmarks landmarks,
    ModelId detector,
    float angle) {

  /** How the picture is encoded. */
  public enum Format {
    JPEG,
    PNG,
    WEBP
  }

  /** An upright rectangle; origin top left; may be fractional and may leave the picture. */
  public record Box(float x, float y, float width, float height) {}

  /** A position; origin top left, the centre of the first pixel is (0, 0). */
  public record Point(float x, float y) {}

  /** Five points of a face; left and right are those of the picture. */
  public record Landmarks(
      Point leftEye, Point rightEye, Point nose, Point leftMouthCorner, Point rightMouthCorner) {}
}
