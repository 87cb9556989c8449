package dev.facet.gateway.archive;

import java.io.Serial;

/** The archive has no room for a chip; reading goes on. */
public final class ArchiveFullException extends ArchiveException {
  @Serial private static final long serialVersionUID = 1;

  ArchiveFullException(Throwable cause) {
    super("the archive is full", cause);
  }
}
