package dev.facet.gateway.archive;

import java.io.Serial;

/** What the archive holds under a name is not what was put there: torn, changed or foreign. */
public final class ChipDamagedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  ChipDamagedException(String what) {
    super("the kept picture is damaged: " + what);
  }
}
