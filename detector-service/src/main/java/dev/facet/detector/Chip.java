package dev.facet.detector;

import dev.facet.detector.image.ImageFormat;

/** An upright picture around one face, encoded, with the face's place in its own pixels. */
final class Chip {
  private final byte[] image;
  private final ImageFormat format;
  private final int width;
  private final int height;
  private final Box box;
  private final Landmarks landmarks;

  Chip(byte[] image, ImageFormat format, int width, int height, Box box, Landmarks landmarks) {
    this.image = image;
    this.format = format;
    this.width = width;
    this.height = height;
    this.box = box;
    this.landmarks = landmarks;
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
}
