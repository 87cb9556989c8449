package dev.facet.detector;

/** Five landmarks coincide or lie so that no face could have them. */
public final class DegenerateLandmarksException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DegenerateLandmarksException() {
    super("the landmarks coincide, or no face could have them");
  }
}
