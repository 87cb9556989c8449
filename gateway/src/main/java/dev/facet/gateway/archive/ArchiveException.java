package dev.facet.gateway.archive;

import java.io.Serial;

/** The archive cannot answer now; what was asked may be tried again. */
public class ArchiveException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
