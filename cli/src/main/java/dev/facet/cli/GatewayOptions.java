package dev.facet.cli;

import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that asks the gateway. */
final class GatewayOptions {

  @Option(
      names = "--gateway",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:FACET_GATEWAY:-127.0.0.1:50051}",
      description = "The gateway (default: $FACET_GATEWAY, or else 127.0.0.1:50051).")
  private String address = "";

  @Mixin private final ChannelOptions channel = new ChannelOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "Longest wait for one answer (default: ${DEFAULT-VALUE}).")
  private double timeoutSeconds;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long a call is repeated while the gateway is busy or away (default:"
              + " ${DEFAULT-VALUE}).")
  private double patienceSeconds;

  /**
   * A client of the gateway, which has answered that it serves.
   *
   * @throws CommandFailure when it does not, at once: patience is for those who have begun
   */
  GatewayClient connect() {
    GatewayClient client =
        new GatewayClient(
            address, channel, seconds(timeoutSeconds), new Retries(seconds(patienceSeconds)));
    try {
      client.requireServing();
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}
