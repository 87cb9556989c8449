package dev.facet.bootstrap;

import java.io.Serial;
import java.net.InetSocketAddress;

/** A service that cannot listen where it was told to. */
public final class StartException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  StartException(String door, InetSocketAddress address, Exception cause) {
    // No stack trace, like SettingsException: the reader chose the port.
    super(
        "cannot listen on %s:%d (%s.host, %s.port): is another process using the port?"
            .formatted(address.getHostString(), address.getPort(), door, door),
        cause,
        false,
        false);
  }
}
