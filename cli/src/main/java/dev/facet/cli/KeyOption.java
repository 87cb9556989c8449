package dev.facet.cli;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The key that is sent with every call to the gateway. */
final class KeyOption {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A file with the key for the gateway (default: the key in $FACET_KEY, if any).")
  private Optional<Path> file = Optional.empty();

  /**
   * The key; empty where none is given.
   *
   * @throws CommandFailure when the file cannot be read, or holds none
   */
  Optional<String> key() {
    return file.map(KeyOption::read)
        .or(() -> Optional.ofNullable(System.getenv("FACET_KEY")).map(String::strip))
        .filter(key -> !key.isEmpty());
  }

  /** Sends a key with every call. */
  static ClientInterceptor sending(String key) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + key);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  private static String read(Path file) {
    String key;
    try {
      key = Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
    if (!key.chars().allMatch(c -> c > ' ' && c < 127) || key.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, file + " holds no key");
    }
    return key;
  }
}
