package dev.facet.bootstrap;

import java.io.Serial;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A service that cannot start as it was told to: its port is taken, a file of it is no good. */
public final class StartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * A start that fails.
   *
   * @param message what is wrong, with the settings that say so
   */
  public StartException(String message) {
    super(message, null, false, false);
  }

  StartException(String door, InetSocketAddress address, Exception cause) {
    // No cause and no stack trace: the reader is the person who chose the port.
    super(
        "cannot listen on %s:%d (%s.host, %s.port): %s"
            .formatted(address.getHostString(), address.getPort(), door, door, root(cause)),
        null,
        false,
        false);
  }

  /** The words of the operating system, such as {@code Address already in use}. */
  private static @Nullable String root(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown.getMessage() : root(cause);
  }
}
