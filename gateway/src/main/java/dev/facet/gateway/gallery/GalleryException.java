package dev.facet.gateway.gallery;

import java.io.Serial;

/** The gallery cannot answer now; what was asked may be tried again. */
public class GalleryException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  public GalleryException(String message, Throwable cause) {
    super(message, cause);
  }

  public GalleryException(String message) {
    super(message);
  }
}
