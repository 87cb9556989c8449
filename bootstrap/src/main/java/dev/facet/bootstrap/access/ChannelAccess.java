package dev.facet.bootstrap.access;

import io.grpc.ChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Optional;

/** By what a channel to another service shows who calls, and believes who answers. */
public final class ChannelAccess {
  private ChannelAccess() {}

  /**
   * Credentials as the settings say; files that change are loaded again.
   *
   * @param group of the settings, such as {@code backend}
   * @param plaintext whether the token may be sent without TLS
   * @throws dev.facet.bootstrap.StartException if a file that they name cannot be used
   */
  public static ChannelCredentials open(
      String group,
      ChannelTlsSettings tls,
      Optional<Path> tokenFile,
      boolean plaintext,
      WatchedFiles files,
      MeterRegistry meters) {
    ChannelCredentials connection = connection(group + ".tls", tls, files, meters);
    return tokenFile
        .map(file -> Tokens.load(group + ".token-file", file, files))
        .map(
            tokens ->
                CompositeChannelCredentials.create(connection, new BearerToken(tokens, plaintext)))
        .orElse(connection);
  }

  private static ChannelCredentials connection(
      String group, ChannelTlsSettings tls, WatchedFiles files, MeterRegistry meters) {
    if (!tls.isOn()) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder credentials =
        TlsChannelCredentials.newBuilder()
            .trustManager(
                Authorities.ofServers(
                    group + ".authorities", tls.authorities().orElseThrow(), files));
    if (tls.certificate().isPresent()) {
      credentials.keyManager(
          Identity.load(group, tls.certificate().get(), tls.key().orElseThrow(), files, meters));
    }
    return credentials.build();
  }
}
