package dev.facet.detector;

/** One face was asked for, and none was found. */
final class NoFaceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoFaceException() {
    super("no face was found in the image");
  }
}
