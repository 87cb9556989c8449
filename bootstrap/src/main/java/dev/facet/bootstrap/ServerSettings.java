package dev.facet.bootstrap;

import dev.facet.bootstrap.access.AccessSettings;
import dev.facet.bootstrap.access.TlsSettings;

/**
 * Everything a {@link ServiceHost} is told: its two doors and its end. Outside loopback the gRPC
 * port speaks TLS, unless it is said that something else encrypts.
 */
public record ServerSettings(
    GrpcSettings grpc,
    TlsSettings tls,
    AccessSettings access,
    AdminSettings admin,
    DrainSettings drain) {

  public ServerSettings {
    Require.that(
        Require.isLoopback(grpc.host()) || tls.isOn() || access.plaintext(),
        ("grpc.host %s is not a loopback address, and calls would not be encrypted: set"
                + " tls.certificate and tls.key, or access.plaintext=true where something else"
                + " encrypts")
            .formatted(grpc.host()));
  }

  /** Whether others than this machine can reach the gRPC port. */
  public boolean isExposed() {
    return !Require.isLoopback(grpc.host());
  }
}
