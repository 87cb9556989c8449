package dev.facet.gateway;

import dev.facet.bootstrap.Backend;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.access.ChannelAccess;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The channels to detector and embedder.
 *
 * <p>Every call of theirs may be made twice, so all are retried when a replica is unavailable. A
 * picture is larger than the 1 MiB that gRPC keeps for another attempt by itself, and larger
 * requests are then silently not retried: hence the buffer sizes. The throttle ends retries while
 * most calls fail, so that an outage is not made worse.
 */
final class Backends implements AutoCloseable {
  private static final Map<String, Object> THROTTLE = Map.of("maxTokens", 10.0, "tokenRatio", 0.1);
  private static final List<String> UNAVAILABLE = List.of("UNAVAILABLE");

  private final ManagedChannel detector;
  private final ManagedChannel embedder;

  Backends(GatewaySettings settings, ServiceHost host) {
    this(
        settings.backend(),
        ChannelAccess.open(
            "backend",
            settings.backend().tls(),
            settings.backend().tokenFile(),
            settings.mayShowTokenInPlaintext(),
            host.files(),
            host.meters()));
  }

  private Backends(GatewaySettings.Backend settings, ChannelCredentials credentials) {
    detector =
        open(
            settings.detector(),
            settings,
            credentials,
            new Backend("DETECTOR_DOWN", "the detector does not answer"));
    embedder =
        open(
            settings.embedder(),
            settings,
            credentials,
            new Backend("EMBEDDER_DOWN", "the embedder does not answer"));
  }

  ManagedChannel detector() {
    return detector;
  }

  ManagedChannel embedder() {
    return embedder;
  }

  /**
   * Has connections that failed tried again now. Left alone, a channel waits up to two minutes
   * between two attempts.
   */
  void reconnect() {
    detector.resetConnectBackoff();
    embedder.resetConnectBackoff();
  }

  private static ManagedChannel open(
      String target,
      GatewaySettings.Backend settings,
      ChannelCredentials credentials,
      Backend backend) {
    return Grpc.newChannelBuilder(target, credentials)
        .intercept(backend)
        .defaultServiceConfig(serviceConfig(settings))
        .perRpcBufferLimit(settings.retryRequestBytes())
        .retryBufferSize(settings.retryBytes())
        .maxInboundMessageSize(settings.maxAnswerBytes())
        .keepAliveTime(settings.keepAlive().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTimeout(settings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .build();
  }

  /** As JSON would be parsed: every number is a double. */
  private static Map<String, Object> serviceConfig(GatewaySettings.Backend settings) {
    Map<String, Object> balancing =
        Map.of("loadBalancingConfig", List.of(Map.of("round_robin", Map.of())));
    if (settings.attempts() == 1) {
      return balancing;
    }
    Map<String, Object> config = new HashMap<>(balancing);
    config.put("retryThrottling", THROTTLE);
    Map<String, Object> everyMethod = Map.of();
    Map<String, Object> policy =
        settings.hedgeAfter().isZero()
            ? Map.of("retryPolicy", retries(settings.attempts()))
            : Map.of("hedgingPolicy", hedges(settings.attempts(), settings.hedgeAfter()));
    Map<String, Object> calls = new HashMap<>(policy);
    calls.put("name", List.of(everyMethod));
    config.put("methodConfig", List.of(calls));
    return config;
  }

  private static Map<String, Object> retries(int attempts) {
    return Map.of(
        "maxAttempts",
        (double) attempts,
        "initialBackoff",
        "0.05s",
        "maxBackoff",
        "0.5s",
        "backoffMultiplier",
        2.0,
        "retryableStatusCodes",
        UNAVAILABLE);
  }

  private static Map<String, Object> hedges(int attempts, Duration after) {
    return Map.of(
        "maxAttempts",
        (double) attempts,
        "hedgingDelay",
        "%d.%03ds".formatted(after.toSeconds(), after.toMillisPart()),
        "nonFatalStatusCodes",
        UNAVAILABLE);
  }

  @Override
  public void close() {
    embedder.shutdownNow();
    detector.shutdownNow();
  }
}
