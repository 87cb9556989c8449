package dev.facet.bootstrap;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the bytes of all requests in the process: arriving, waiting and being answered. */
final class BytesInFlight extends ServerStreamTracer.Factory {
  /*
   * Why. A request is in memory as a whole before its handler sees it, so what bounds memory is not
   * the number of calls but their bytes: 256 calls on one connection may hold 3 GiB of pictures,
   * and connections are not counted. Queues do not help, because they stand behind the handlers.
   *
   * Where. gRPC tells an interceptor of a message when the message is complete, which is too late.
   * Its length stands in the five bytes before it, which no public interface shows. What shows is
   * each piece of it as it is taken from the connection, to a StreamTracer, on the transport's
   * thread. So pieces are counted (ArrivingRequest). That has a merit over counting lengths at the
   * door: a client that announces 10 MiB and sends a byte a second holds a byte a second, and not a
   * place that others could use. The price is that a call may be refused in the middle of its
   * upload. The one refused is the one whose piece found no room; its bytes are free at once, and
   * so, of many that grow together, as many get through as fit.
   *
   * What is counted. Every byte of a request beyond its first FREE_BYTES, which let requests
   * without a picture pass while pictures fill the rest; what a compressed message is inflated to,
   * when it is; and PIECE_BYTES for each piece, because a piece keeps a buffer and some objects
   * alive, however short it is. A request holds its bytes until its handler has returned, though
   * its call may have ended before, as a handler in native code does not hear of that (RequestShare).
   *
   * What is not. Copies: a picture is here up to three times for a moment, as it came, as the
   * message and as the array that is decoded or sent on. So the default is an eighth of the heap,
   * and Netty may take as much again as the heap beside it. And what a client sent before a handler
   * asked for it: HTTP/2's window bounds that, 1 MiB a connection (8 where the link is long and
   * fast), and no handler makes it wait but a stream whose width is used up.
   *
   * Waiting instead of refusing was the other way: not to ask for a message while there is no room.
   * But the room that a message needs is not known before it has come, so all that wait at the same
   * time would overshoot together, or each would have to reserve the largest.
   */
  static final int FREE_BYTES = 16 << 10;
  static final int PIECE_BYTES = 256;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  BytesInFlight(long limit, MeterRegistry meters) {
    this.limit = limit;
    Gauge.builder("facet.requests.bytes", held, AtomicLong::get)
        .description("Bytes of requests that are arriving or being answered")
        .baseUnit("bytes")
        .register(meters);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return new ArrivingRequest(this);
  }

  /** Adds bytes that are in memory already; false if the limit is passed, and the call must end. */
  boolean add(long bytes) {
    return held.addAndGet(bytes) <= limit;
  }

  void remove(long bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }

  Refusal full() {
    return Refusal.of(
            Status.Code.RESOURCE_EXHAUSTED,
            "MEMORY_FULL",
            "requests of more than %d bytes are under way already".formatted(limit))
        .retryAfter(RETRY_AFTER);
  }
}
