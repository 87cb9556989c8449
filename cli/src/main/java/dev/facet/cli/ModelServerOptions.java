package dev.facet.cli;

import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that ask one detector or embedder for its models. */
final class ModelServerOptions {

  @Option(
      names = "--at",
      required = true,
      paramLabel = "HOST:PORT",
      description =
          "The detector or embedder; which of the two it is, it says itself (facet up: detector"
              + " 127.0.0.1:50052, embedder 127.0.0.1:50053).")
  private String address = "";

  @Mixin private final ModelServiceChannel channel = new ModelServiceChannel();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "Longest wait for the answer; a load may fetch a model first (default:"
              + " ${DEFAULT-VALUE}).")
  private double timeoutSeconds;

  /**
   * A client of the service.
   *
   * @throws CommandFailure when nobody answers there, or somebody else
   */
  ModelServer connect() {
    return ModelServer.connect(
        address, channel, Duration.ofMillis(Math.round(timeoutSeconds * 1000)));
  }
}
