package dev.facet.bootstrap;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** A running service: its gRPC and admin ports, its health, its metrics and its end. */
public final class ServiceHost implements AutoCloseable {
  /*
   * A host is the first resource of a main and is closed last:
   *
   *   try (ServiceHost host = ServiceHost.open("detector", settings.server());
   *       Detector detector = ...) {
   *     host.serve(ErrorTable.standard(), new DetectorGrpc(detector));
   *     host.awaitTermination();
   *   }
   *
   * Life. WARMING: both ports are bound, the process is live and not ready, and every business
   * call is answered UNAVAILABLE, MODEL_NOT_READY. SERVING, after serve(). DRAINING, after SIGTERM
   * or close(): health says NOT_SERVING, calls are still taken for drain.delay because balancers
   * need time to notice; then no new calls; those in flight have drain.grace to end and are then
   * cancelled. The state only moves forward; a drain from WARMING skips the delay, as nobody was
   * sent here.
   *
   * SIGTERM. A shutdown hook drains the server, which lets the main thread leave
   * awaitTermination() and close the parts in reverse order, the host last; the hook waits for
   * that, because the JVM halts as soon as its hooks are done. So main must not call System.exit.
   * Main is not waited for while warming: it may be deep in a model, and nothing is in flight.
   *
   * Threads. Each call runs on a virtual thread with the gRPC Context of the call attached, so
   * handlers block as they like, and deadlines and cancellation reach the stubs they call.
   *
   * Locking. The lock guards the state and the changes of health that belong to it; it is never
   * held while waiting.
   */
  private static final Logger log = LoggerFactory.getLogger(ServiceHost.class);

  private enum State {
    WARMING,
    SERVING,
    DRAINING
  }

  private final String name;
  private final ServerSettings settings;
  private final Health health = new Health();
  private final CallRegistry registry = new CallRegistry();
  private final Metrics metrics;
  private final ExecutorService handlers;
  private final ScheduledThreadPoolExecutor timer;
  private final Server server;
  private final AdminServer admin;
  private final Thread hook;
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Object lock = new Object();
  private volatile State state = State.WARMING; // written under the lock

  private ServiceHost(String name, ServerSettings settings) {
    this.name = name;
    this.settings = settings;
    metrics = new Metrics(name);
    handlers = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    server = start(settings.grpc());
    try {
      admin = new AdminServer(settings.admin(), this::ready, metrics::page);
    } catch (StartException e) {
      server.shutdownNow();
      throw e;
    }
    hook = new Thread(this::terminate, "sigterm");
    Runtime.getRuntime().addShutdownHook(hook);
    log.info("{} listens: grpc {}, admin {}; warming up", name, grpcPort(), adminPort());
  }

  /**
   * Binds both ports; the service is live and not ready.
   *
   * @param name the service's name in logs and metrics
   * @throws StartException if a port cannot be bound
   */
  public static ServiceHost open(String name, ServerSettings settings) {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install(); // gRPC logs to java.util.logging
    }
    return new ServiceHost(name, settings);
  }

  /** The registry for the meters of the service's own parts. */
  public MeterRegistry meters() {
    return metrics.registry();
  }

  /** The port bound, which differs from the setting if that was 0. */
  public int grpcPort() {
    return server.getPort();
  }

  /** The admin port bound, which differs from the setting if that was 0. */
  public int adminPort() {
    return admin.port();
  }

  /** Begins to answer: the services are warm. Without effect if the end has already begun. */
  public void serve(ErrorTable errors, BindableService... services) {
    List<ServerServiceDefinition> definitions =
        Arrays.stream(services).map(service -> intercepted(errors, service)).toList();
    synchronized (lock) {
      if (state != State.WARMING) {
        return;
      }
      registry.offer(definitions);
      health.serve(
          definitions.stream()
              .map(definition -> definition.getServiceDescriptor().getName())
              .collect(Collectors.toSet()));
      state = State.SERVING;
    }
    log.info("{} is ready", name);
  }

  /** Waits until the server has ended: after SIGTERM, or {@link #close} on another thread. */
  public void awaitTermination() {
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the service as SIGTERM does, and frees its ports. */
  @Override
  public void close() {
    drain();
    admin.close();
    timer.shutdownNow();
    handlers.shutdownNow();
    metrics.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("The process is ending already, by its hooks");
    }
    log.info("{} has ended", name);
    closed.countDown();
  }

  private boolean ready() {
    return state == State.SERVING;
  }

  private Server start(GrpcSettings grpc) {
    InetSocketAddress address = new InetSocketAddress(grpc.host(), grpc.port());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .executor(handlers)
            .addService(health.service())
            .fallbackHandlerRegistry(registry)
            .addStreamTracerFactory(new CallMetrics(metrics.registry()))
            .maxInboundMessageSize(MessageSizeInterceptor.transportLimit(grpc.maxMessageBytes()))
            .maxInboundMetadataSize(grpc.maxMetadataBytes())
            .maxConcurrentCallsPerConnection(grpc.maxCallsPerConnection())
            .maxRstFramesPerWindow(grpc.maxStreamResets(), 30)
            .permitKeepAliveTime(grpc.permitKeepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionAge(grpc.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(grpc.maxConnectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
            .handshakeTimeout(grpc.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    if (grpc.reflects()) {
      builder.addService(ProtoReflectionServiceV1.newInstance());
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new StartException("grpc", address, e);
    }
  }

  private ServerServiceDefinition intercepted(ErrorTable errors, BindableService service) {
    GrpcSettings grpc = settings.grpc();
    return ServerInterceptors.interceptForward(
        ServerInterceptors.useMarshalledMessages(
            service.bindService(), MessageSizeInterceptor.BYTES, MessageSizeInterceptor.BYTES),
        new ErrorInterceptor(errors, metrics.registry()),
        new DeadlineInterceptor(grpc.unaryDeadline(), grpc.streamDeadline(), timer),
        new MessageSizeInterceptor(grpc.maxMessageBytes()));
  }

  /** The shutdown hook. */
  private void terminate() {
    boolean wasServing = ready();
    drain();
    if (wasServing) {
      await(settings.drain().grace());
    }
  }

  private void await(Duration limit) {
    try {
      if (!closed.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("{} was not closed within {} ms", name, limit.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    boolean wasServing;
    synchronized (lock) {
      wasServing = state == State.SERVING;
      state = State.DRAINING;
      health.leave();
    }
    try {
      if (wasServing) {
        log.info(
            "{} drains: not ready, takes calls for another {} ms",
            name,
            settings.drain().delay().toMillis());
        Thread.sleep(settings.drain().delay());
      }
      server.shutdown();
      if (!server.awaitTermination(settings.drain().grace().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("{} cancels the calls still in flight", name);
        server.shutdownNow();
        server.awaitTermination(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
