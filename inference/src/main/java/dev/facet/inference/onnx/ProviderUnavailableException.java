package dev.facet.inference.onnx;

import java.io.Serial;

/** The execution provider that was asked for is not there; the message says what is missing. */
public final class ProviderUnavailableException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ProviderUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
