package dev.facet.cli;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Options of every command that calls a service: whether over TLS, and who is shown there. */
final class ChannelOptions {
  private static final String SYSTEM = "system";

  /** What is sent there stays on this machine. */
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
          "Name that the server's certificate is for, where it is reached by another, as through a"
              + " forwarded port (default: $FACET_SERVER_NAME, or else the host that is called).")
  private String serverName = "";

  @Option(
      names = "--plaintext",
      description = "Send a key or token to another machine although TLS is not spoken.")
  private boolean plaintext;

  /**
   * The beginnings of a channel.
   *
   * @param address host:port
   * @param secret a key or token that will be sent with calls
   * @throws CommandFailure where the address is none, a file cannot be used, or the secret would be
   *     sent for everybody to read
   */
  NettyChannelBuilder to(String address, Optional<String> secret) {
    if (secret.isPresent()
        && authorities.isEmpty()
        && !plaintext
        && !LOOPBACK.matcher(address).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "the key or token would be sent to "
              + address
              + " without TLS; give --authorities, or --plaintext if that is meant");
    }
    NettyChannelBuilder channel = open(address, InsecureChannelCredentials.create(), "");
    if (!authorities.isEmpty()) {
      channel = open(address, tls(), "--authorities, --client-certificate, --client-key: ");
    } else if (!certificate.isEmpty() || !key.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--client-certificate and --client-key need --authorities");
    }
    return serverName.isEmpty() ? channel : channel.overrideAuthority(serverName);
  }

  private static NettyChannelBuilder open(
      String address, ChannelCredentials credentials, String files) {
    try {
      String target = URI.create("dns:///" + address).toString();
      return NettyChannelBuilder.forTarget(target, credentials);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          files.isEmpty() ? "not an address (HOST:PORT): " + address : files + e.getMessage(),
          e);
    }
  }

  private ChannelCredentials tls() {
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
    File reading = new File(authorities);
    try {
      if (!authorities.equals(SYSTEM)) {
        credentials.trustManager(reading);
      }
      if (certificate.isEmpty() != key.isEmpty()) {
        throw new CommandFailure(
            ExitCode.USAGE, "--client-certificate and --client-key belong together");
      }
      if (!certificate.isEmpty()) {
        reading = new File(certificate);
        credentials.keyManager(reading, new File(key));
      }
      return credentials.build();
    } catch (IOException e) {
      throw CommandFailure.file(reading.toPath(), e);
    }
  }
}
