package dev.facet.detector;

import dev.facet.detector.image.ImageFormat;

/** A picture around one face, encoded, with the face's place in its own pixels. */
final class Chip {
  private final byte[] image;
  private final ImageFormat format;
  private final int width;
  private final int height;
  private final Box box;
  private final Landmarks landmarks;
  private final float angle;

  Chip(
      byte[] image,
      ImageFormat format,
      int width,
      int height,
      Box box,
      Landmarks landmarks,
      float angle) {
    this.image = image;
    this.format = format;
    this.width = width;
    this.height = height;
    this.box = box;
    this.landmarks = landmarks;
    this.angle = angle;
  }

  /** Encoded; not to be changed. */
  byte[] image() {
    return image;
  }

  ImageFormat format() {
    return format;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  Box box() {
    return box;
  }

  Landmarks landmarks() {
    return landmarks;
  }

  /** Turning the chip by so many degrees counter-clockwise brings the face upright. */
  float angle() {
    return angle;
  }
}
