package dev.facet.detector.image;

/** Too little time was left to decode a picture, or ran out while it waited for its turn. */
public final class DecodeTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DecodeTimeoutException() {
    super("too little time was left to decode the image");
  }
}
