package dev.facet.bootstrap;

/**
 * The plain HTTP door for probes and metrics: {@code /livez}, {@code /readyz}, {@code /metrics}.
 */
public record AdminSettings(
    @Setting(
            value = "127.0.0.1",
            doc = "Address to listen on; whoever reaches it may read metrics and health")
        String host,
    @Setting(value = "0", doc = "Port to listen on; 0 takes a free one") int port) {

  public AdminSettings {
    Require.port("port", port);
  }
}
