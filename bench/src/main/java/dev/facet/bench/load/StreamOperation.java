package dev.facet.bench.load;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Requests over streams that stay open, one stream for each connection. Requests of a stream have
 * no deadline of their own, so each gets one here. A stream that ends takes its requests along; the
 * next request opens another.
 */
final class StreamOperation<Q, R> implements Operation {

  /** How exactly the time of a request is kept. */
  private static final Duration TICK = Duration.ofMillis(20);

  private final MethodDescriptor<Q, R> method;
  private final BiFunction<Long, String, Q> request;
  private final Function<R, String> id;
  private final Function<R, Outcome> read;
  private final Duration timeout;
  private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private final AtomicLong names = new AtomicLong();
  private final List<Lane> lanes = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("load-timeouts").daemon().factory());

  /**
   * Opens no stream yet.
   *
   * @param request from the number and the id of a request to what is sent; ids are never used
   *     again
   * @param id of the request that an answer belongs to
   * @param read what an answer says
   * @param timeout longest wait for the answer to one request
   */
  StreamOperation(
      Connections connections,
      MethodDescriptor<Q, R> method,
      BiFunction<Long, String, Q> request,
      Function<R, String> id,
      Function<R, Outcome> read,
      Duration timeout) {
    this.method = method;
    this.request = request;
    this.id = id;
    this.read = read;
    this.timeout = timeout;
    for (int i = 0; i < connections.number(); i++) {
      lanes.add(new Lane(connections, i));
    }
    var _ =
        timer.scheduleWithFixedDelay(
            () -> lanes.forEach(Lane::endExpired),
            TICK.toNanos(),
            TICK.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void start(long number, Consumer<Outcome> ended) {
    lanes.get((int) (number % lanes.size())).send(number, ended);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    lanes.forEach(Lane::close);
  }

  private record Pending(long deadline, Consumer<Outcome> ended) {}

  /** One stream after the other over one connection. */
  private final class Lane {
    private final Connections connections;
    private final int number;

    // Guarded by this.
    private @Nullable Stream stream;

    Lane(Connections connections, int number) {
      this.connections = connections;
      this.number = number;
    }

    synchronized void send(long call, Consumer<Outcome> ended) {
      Stream open = stream;
      if (open == null || open.over) {
        open = new Stream();
        open.requests =
            ClientCalls.asyncBidiStreamingCall(
                connections.channel(number).newCall(method, CallOptions.DEFAULT), open);
        stream = open;
      }
      String name = run + "-" + names.getAndIncrement();
      open.pending.put(name, new Pending(System.nanoTime() + timeout.toNanos(), ended));
      open.send(request.apply(call, name));
    }

    synchronized void endExpired() {
      if (stream != null) {
        stream.endExpired();
      }
    }

    synchronized void close() {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private final class Stream implements StreamObserver<R> {
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private @Nullable StreamObserver<Q> requests;
    private volatile boolean over;
    private volatile Outcome last = Outcome.failed(Failure.of(Status.CANCELLED.asException()));

    void send(Q message) {
      if (requests != null && !over) {
        requests.onNext(message);
      }
      // It may have ended just now, and have missed the request that was entered last.
      if (over) {
        endAll();
      }
    }

    @Override
    public void onNext(R answer) {
      end(id.apply(answer), read.apply(answer));
    }

    @Override
    public void onError(Throwable error) {
      last = Outcome.failed(Failure.of(error));
      over = true;
      endAll();
    }

    @Override
    public void onCompleted() {
      last = Outcome.failed(new Failure(Status.Code.UNAVAILABLE.name(), "STREAM_ENDED"));
      over = true;
      endAll();
    }

    void endExpired() {
      long now = System.nanoTime();
      pending.forEach(
          (name, request) -> {
            if (now - request.deadline >= 0) {
              end(name, Outcome.failed(Failure.NO_ANSWER_IN_TIME));
            }
          });
    }

    void close() {
      if (requests != null && !over) {
        requests.onError(Status.CANCELLED.asException());
      }
    }

    private void endAll() {
      pending.keySet().forEach(name -> end(name, last));
    }

    private void end(String name, Outcome how) {
      Pending request = pending.remove(name);
      if (request != null) {
        request.ended.accept(how);
      }
    }
  }
}
