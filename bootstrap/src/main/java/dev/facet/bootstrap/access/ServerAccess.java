package dev.facet.bootstrap.access;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.TlsServerCredentials;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may come in by a gRPC port.
 *
 * @param credentials of the port: TLS or not, client certificates or not
 * @param filters look at each connection
 * @param interceptors look at each call, health excepted, before its request is read
 */
public record ServerAccess(
    ServerCredentials credentials,
    List<ServerTransportFilter> filters,
    List<ServerInterceptor> interceptors) {

  /**
   * Access as the settings say.
   *
   * @throws dev.facet.bootstrap.StartException if a file that they name cannot be used
   */
  public static ServerAccess open(
      TlsSettings tls, TokenSettings tokens, WatchedFiles files, MeterRegistry meters) {
    List<ServerTransportFilter> filters = new ArrayList<>();
    List<ServerInterceptor> interceptors = new ArrayList<>();
    if (!tls.clientNames().isEmpty()) {
      ClientNames names = new ClientNames(tls.clientNames());
      filters.add(names);
      interceptors.add(names);
    }
    tokens
        .tokenFile()
        .map(file -> new TokenInterceptor(Tokens.load("access.token-file", file, files)))
        .ifPresent(interceptors::add);
    return new ServerAccess(
        credentials(tls, files, meters), List.copyOf(filters), List.copyOf(interceptors));
  }

  private static ServerCredentials credentials(
      TlsSettings tls, WatchedFiles files, MeterRegistry meters) {
    if (!tls.isOn()) {
      return InsecureServerCredentials.create();
    }
    TlsServerCredentials.Builder credentials =
        TlsServerCredentials.newBuilder()
            .keyManager(
                Identity.load(
                    "tls",
                    tls.certificate().orElseThrow(),
                    tls.key().orElseThrow(),
                    files,
                    meters));
    tls.clientAuthorities()
        .ifPresent(
            file ->
                credentials
                    .trustManager(Authorities.ofClients(file, files))
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE));
    return credentials.build();
  }
}
