package dev.facet.bootstrap;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Times every call by method and status, however it ends, under the names of gRPC proposal A66.
 *
 * <p>A tracer and not an interceptor, because only the stream sees calls that the transport ends,
 * and calls of unknown methods. Those are all named {@value #OTHER}: names come from outside.
 */
final class CallMetrics extends ServerStreamTracer.Factory {
  static final String OTHER = "other";

  /** What gRPC sends with every attempt but the first (gRFC A6). */
  private static final Metadata.Key<String> ATTEMPTS_BEFORE =
      Metadata.Key.of("grpc-previous-rpc-attempts", Metadata.ASCII_STRING_MARSHALLER);

  private final MeterRegistry registry;
  private final Counter repeated;
  private final AtomicInteger active = new AtomicInteger();

  CallMetrics(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("grpc.server.call.active", active);
    repeated =
        Counter.builder("facet.calls.repeated")
            .description("Calls that are another attempt of one that failed elsewhere")
            .register(registry);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    active.incrementAndGet();
    if (headers.containsKey(ATTEMPTS_BEFORE)) {
      repeated.increment();
    }
    return new Tracer(Timer.start(registry));
  }

  private final class Tracer extends ServerStreamTracer {
    private final Timer.Sample sample;
    private volatile String method = OTHER;

    Tracer(Timer.Sample sample) {
      this.sample = sample;
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      method = call.getMethodDescriptor().getFullMethodName();
    }

    @Override
    public void streamClosed(Status status) {
      active.decrementAndGet();
      sample.stop(
          Timer.builder("grpc.server.call.duration")
              .description("Time from the first header of a call to its end")
              .tag("grpc.method", method)
              .tag("grpc.status", status.getCode().name())
              .serviceLevelObjectives(
                  Duration.ofMillis(2),
                  Duration.ofMillis(5),
                  Duration.ofMillis(10),
                  Duration.ofMillis(25),
                  Duration.ofMillis(50),
                  Duration.ofMillis(100),
                  Duration.ofMillis(250),
                  Duration.ofMillis(500),
                  Duration.ofSeconds(1),
                  Duration.ofMillis(2500),
                  Duration.ofSeconds(10),
                  Duration.ofMinutes(1))
              .register(registry));
    }
  }
}
