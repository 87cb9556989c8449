package dev.facet.detector.image;

/** A picture is refused. The message is ours and may be shown to the caller. */
public final class InvalidImageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ImageFault fault;

  public InvalidImageException(ImageFault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public ImageFault fault() {
    return fault;
  }
}
