package dev.facet.cli;

import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that calls a detector or an embedder itself. */
final class ModelServiceChannel {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @Mixin private final ChannelOptions channel = new ChannelOptions();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:FACET_TOKEN_FILE:-}",
      description =
          "A file with the token that the service demands (access.token-file there); the first line"
              + " is sent (default: $FACET_TOKEN_FILE, or else none).")
  private String tokenFile = "";

  /**
   * The beginnings of a channel that sends the token, if there is one.
   *
   * @throws CommandFailure where the address is none, or a file cannot be used
   */
  NettyChannelBuilder to(String address) {
    Optional<String> token = token();
    NettyChannelBuilder builder = channel.to(address, token);
    if (token.isPresent()) {
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, "Bearer " + token.get());
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    return builder;
  }

  private Optional<String> token() {
    if (tokenFile.isEmpty()) {
      return Optional.empty();
    }
    Path file = Path.of(tokenFile);
    try {
      return Optional.of(
          Files.readString(file)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .findFirst()
              .orElseThrow(() -> new CommandFailure(ExitCode.USAGE, file + " holds no token")));
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }
}
