package dev.facet.detector;

/** The only face was asked for, and there are several. */
public final class MultipleFacesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MultipleFacesException(int faces) {
    super("%d faces were found in the image, and the only one was asked for".formatted(faces));
  }
}
