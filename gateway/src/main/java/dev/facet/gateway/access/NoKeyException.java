package dev.facet.gateway.access;

import java.io.Serial;

/** A gateway that demands keys where there is none to begin with: it does not start. */
public final class NoKeyException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  NoKeyException(String message) {
    super(message, null, false, false); // the reader is the person who wrote the settings
  }
}
