package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.Setting;
import java.nio.file.Path;
import java.util.Optional;

/** How a service that only other services call knows its callers, beside their certificates. */
public record TokenSettings(
    @Setting(
            doc =
                "File with the tokens that callers may send, one a line; with it calls without one"
                    + " of them are refused")
        Optional<Path> tokenFile,
    @Setting(
            value = "false",
            doc = "Whether everybody may call outside loopback: with neither token nor certificate")
        boolean open) {

  /** A service that demands no token. */
  public static final TokenSettings NONE = new TokenSettings(Optional.empty(), false);

  /** Complains about a service that strangers could call. */
  public void requireKnownCallers(ServerSettings server) {
    Require.that(
        !server.isExposed() || tokenFile.isPresent() || server.tls().demandsCertificates() || open,
        ("grpc.host %s is not a loopback address, and callers are not known: set access.token-file"
                + " or tls.client-authorities, or access.open=true to let everybody in")
            .formatted(server.grpc().host()));
  }
}
