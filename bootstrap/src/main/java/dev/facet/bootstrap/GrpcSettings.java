package dev.facet.bootstrap;

import java.time.Duration;

/**
 * The gRPC door of a service.
 *
 * <p>A stream may live for {@code streamDeadline}, which must fit into {@code
 * maxConnectionAgeGrace}, so that the planned end of an old connection cuts no call.
 */
public record GrpcSettings(
    @Setting(
            value = "127.0.0.1",
            doc = "Address to listen on; outside loopback callers must be known")
        String host,
    @Setting(value = "0", doc = "Port to listen on; 0 takes a free one") int port,
    @Setting(
            value = "12582912",
            unit = "bytes",
            doc = "Largest message accepted; larger ones are refused as IMAGE_TOO_LARGE")
        int maxMessageBytes,
    @Setting(
            value = "0",
            unit = "bytes",
            doc =
                "Requests arriving or being answered, all calls together; more are refused as MEMORY_FULL; 0 is an eighth of the heap")
        long maxBytesInFlight,
    @Setting(value = "16384", unit = "bytes", doc = "Largest metadata of a call accepted")
        int maxMetadataBytes,
    @Setting(value = "256", doc = "Calls in flight on one connection") int maxCallsPerConnection,
    @Setting(value = "60s", doc = "Deadline of a unary call whose caller set none")
        Duration unaryDeadline,
    @Setting(value = "10m", doc = "Deadline of a stream whose caller set none")
        Duration streamDeadline,
    @Setting(value = "60s", doc = "Time that the request of a unary call may take to arrive")
        Duration arrivalTimeout,
    @Setting(value = "20s", doc = "A client pinging more often than this is disconnected")
        Duration permitKeepAlive,
    @Setting(value = "5m", doc = "Age at which a connection is closed, so that clients spread anew")
        Duration maxConnectionAge,
    @Setting(
            value = "10m",
            doc = "Time that calls on a connection closed for its age may still take")
        Duration maxConnectionAgeGrace,
    @Setting(value = "200", doc = "Streams that a connection may reset within 30 s")
        int maxStreamResets,
    @Setting(value = "20s", doc = "Time for a new connection to finish its handshake")
        Duration handshakeTimeout,
    @Setting(
            value = "loopback",
            doc = "Whether reflection is served: always, never, or on a loopback address only")
        Exposure reflection) {

  public GrpcSettings {
    Require.port("port", port);
    // The transport accepts twice as much, to refuse the rest with a reason.
    Require.between("max-message-bytes", maxMessageBytes, 1024, (1 << 30) - 1);
    Require.that(
        maxBytesInFlight == 0 || maxBytesInFlight >= maxMessageBytes,
        "max-bytes-in-flight %d is less than the largest message, %d"
            .formatted(maxBytesInFlight, maxMessageBytes));
    Require.between("max-metadata-bytes", maxMetadataBytes, 1024, 1 << 20);
    Require.between("max-calls-per-connection", maxCallsPerConnection, 1, Integer.MAX_VALUE);
    Require.positive("unary-deadline", unaryDeadline);
    Require.positive("stream-deadline", streamDeadline);
    Require.positive("arrival-timeout", arrivalTimeout);
    Require.positive("permit-keep-alive", permitKeepAlive);
    Require.positive("max-connection-age", maxConnectionAge);
    Require.positive("handshake-timeout", handshakeTimeout);
    Require.between("max-stream-resets", maxStreamResets, 1, Integer.MAX_VALUE);
    if (maxConnectionAgeGrace.compareTo(streamDeadline) < 0) {
      throw new IllegalArgumentException(
          "max-connection-age-grace %s is shorter than stream-deadline %s"
              .formatted(maxConnectionAgeGrace, streamDeadline));
    }
  }

  /** The bound of all requests; by itself never less than two of the largest. */
  long bytesInFlight() {
    return maxBytesInFlight > 0
        ? maxBytesInFlight
        : Math.max(2L * maxMessageBytes, Runtime.getRuntime().maxMemory() / 8);
  }

  boolean reflects() {
    return reflection.on(this);
  }
}
