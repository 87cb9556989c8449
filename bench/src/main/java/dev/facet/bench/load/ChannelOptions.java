package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How services are called: over TLS or not, with which certificate and key. */
final class ChannelOptions {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.\\d+){3}|\\[::1])(:\\d+)?", Pattern.CASE_INSENSITIVE);

  @Option(
      names = "--authorities",
      paramLabel = "FILE",
      defaultValue = "${env:FACET_AUTHORITIES:-}",
      description =
          "Speak TLS, and believe a server whose certificate is of an authority in this PEM file, or"
              + " of this system's with the word 'system' (default: $FACET_AUTHORITIES, or else no"
              + " TLS).")
  private String authorities = "";

  @Option(
      names = "--client-certificate",
      paramLabel = "FILE",
      defaultValue = "${env:FACET_CLIENT_CERTIFICATE:-}",
      description =
          "PEM file with the certificate shown to a server that asks for one (default:"
              + " $FACET_CLIENT_CERTIFICATE).")
  private String certificate = "";

  @Option(
      names = "--client-key",
      paramLabel = "FILE",
      defaultValue = "${env:FACET_CLIENT_KEY:-}",
      description = "PEM file with its key, PKCS#8 (default: $FACET_CLIENT_KEY).")
  private String key = "";

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      defaultValue = "${env:FACET_SERVER_NAME:-}",
      description =
          "Name that the server's certificate is for, where it is reached by another (default:"
              + " $FACET_SERVER_NAME, or else the host that is called).")
  private String serverName = "";

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "A file with the key for the gateway, or the token of a detector or embedder; the first"
              + " line is sent (default: the key in $FACET_KEY, if any).")
  private Optional<Path> keyFile = Optional.empty();

  @Option(
      names = "--plaintext",
      description = "Send the key to another machine although TLS is not spoken.")
  private boolean plaintext;

  /**
   * The beginnings of a channel.
   *
   * @param address host:port
   * @throws BenchFailure where the address is none, a file cannot be used, or the key would be sent
   *     for everybody to read
   */
  NettyChannelBuilder to(String address) {
    NettyChannelBuilder channel = open(address);
    if (!serverName.isEmpty()) {
      channel.overrideAuthority(serverName);
    }
    secret().ifPresent(secret -> channel.intercept(sending(address, secret)));
    return channel;
  }

  private NettyChannelBuilder open(String address) {
    NettyChannelBuilder channel;
    String target = "dns:///" + address;
    try {
      var _ = URI.create(target);
      channel = NettyChannelBuilder.forTarget(target, InsecureChannelCredentials.create());
    } catch (IllegalArgumentException e) {
      throw new BenchFailure(BenchFailure.USAGE, "not an address (HOST:PORT): " + address);
    }
    if (authorities.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
      return channel;
    }
    try {
      return NettyChannelBuilder.forTarget(target, tls());
    } catch (IllegalArgumentException e) {
      throw new BenchFailure(
          BenchFailure.USAGE,
          "--authorities, --client-certificate, --client-key: " + e.getMessage());
    }
  }

  private ChannelCredentials tls() {
    if (authorities.isEmpty() || certificate.isEmpty() != key.isEmpty()) {
      throw new BenchFailure(
          BenchFailure.USAGE,
          "--client-certificate and --client-key belong together, and need --authorities");
    }
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    File reading = new File(authorities);
    try {
      if (!authorities.equals("system")) {
        credentials.trustManager(reading);
      }
      if (!certificate.isEmpty()) {
        reading = new File(certificate);
        credentials.keyManager(reading, new File(key));
      }
      return credentials.build();
    } catch (IOException e) {
      throw BenchFailure.file(reading.toPath(), e);
    }
  }

  private Optional<String> secret() {
    return keyFile
        .map(ChannelOptions::firstLine)
        .or(() -> Optional.ofNullable(System.getenv("FACET_KEY")).map(String::strip))
        .filter(secret -> !secret.isEmpty());
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).lines().map(String::strip).findFirst().orElse("");
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
  }

  private ClientInterceptor sending(String address, String secret) {
    if (authorities.isEmpty() && !plaintext && !LOOPBACK.matcher(address).matches()) {
      throw new BenchFailure(
          BenchFailure.USAGE,
          "the key would be sent to "
              + address
              + " without TLS; give --authorities, or --plaintext if that is meant");
    }
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + secret);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }
}
