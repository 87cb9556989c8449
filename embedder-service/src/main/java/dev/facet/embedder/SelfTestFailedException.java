package dev.facet.embedder;

import java.io.Serial;

/** A model does not give the vectors it must give; the service must not serve it. */
public final class SelfTestFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  SelfTestFailedException(String message) {
    super(message);
  }
}
