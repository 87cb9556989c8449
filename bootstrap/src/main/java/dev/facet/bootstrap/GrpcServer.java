package dev.facet.bootstrap;

import dev.facet.bootstrap.access.ServerAccess;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC port of a service: health from the start, the service's own methods once they are
 * offered, each call on a virtual thread.
 */
final class GrpcServer implements AutoCloseable {
  private final GrpcSettings settings;
  private final ServerAccess access;
  private final MeterRegistry meters;
  private final BytesInFlight bytes;
  private final CallRegistry registry = new CallRegistry();
  private final ExecutorService handlers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("deadlines").factory());
  private final Server server;

  GrpcServer(
      GrpcSettings settings, ServerAccess access, BindableService health, MeterRegistry meters) {
    this.settings = settings;
    this.access = access;
    this.meters = meters;
    bytes = new BytesInFlight(settings.bytesInFlight(), meters);
    timer.setRemoveOnCancelPolicy(true);
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address, access.credentials())
            .executor(handlers)
            .addService(health)
            .fallbackHandlerRegistry(registry)
            .addStreamTracerFactory(new CallMetrics(meters))
            .addStreamTracerFactory(bytes)
            .maxInboundMessageSize(
                MessageSizeInterceptor.transportLimit(settings.maxMessageBytes()))
            .maxInboundMetadataSize(settings.maxMetadataBytes())
            .maxConcurrentCallsPerConnection(settings.maxCallsPerConnection())
            .maxRstFramesPerWindow(settings.maxStreamResets(), 30)
            .permitKeepAliveTime(settings.permitKeepAlive().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionAge(settings.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(
                settings.maxConnectionAgeGrace().toMillis(), TimeUnit.MILLISECONDS)
            .handshakeTimeout(settings.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    access.filters().forEach(builder::addTransportFilter);
    if (settings.reflects()) {
      builder.addService(guarded(ProtoReflectionServiceV1.newInstance().bindService()));
    }
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new StartException("grpc", address, e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** Begins to answer calls of these services. */
  void offer(ErrorTable errors, List<ServerServiceDefinition> services) {
    registry.offer(services.stream().map(service -> intercepted(errors, service)).toList());
  }

  private ServerServiceDefinition intercepted(ErrorTable errors, ServerServiceDefinition service) {
    List<ServerInterceptor> interceptors = new ArrayList<>();
    interceptors.add(new ErrorInterceptor(errors, meters));
    interceptors.addAll(access.interceptors());
    interceptors.add(
        new DeadlineInterceptor(
            settings.unaryDeadline(), settings.streamDeadline(), timer, meters));
    interceptors.add(new ArrivalInterceptor(settings.arrivalTimeout(), timer));
    interceptors.add(new BytesInFlightInterceptor(bytes));
    interceptors.add(new MessageSizeInterceptor(settings.maxMessageBytes()));
    return ServerInterceptors.interceptForward(
        ServerInterceptors.useMarshalledMessages(
            service, MessageSizeInterceptor.BYTES, MessageSizeInterceptor.BYTES),
        interceptors);
  }

  /** A service of gRPC's own, for those who may call ours. */
  private ServerServiceDefinition guarded(ServerServiceDefinition service) {
    List<ServerInterceptor> interceptors = new ArrayList<>();
    interceptors.add(new ErrorInterceptor(ErrorTable.standard(), meters));
    interceptors.addAll(access.interceptors());
    return ServerInterceptors.interceptForward(service, interceptors);
  }

  void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /**
   * Takes no new calls and waits for those in flight, which are cancelled after the grace.
   *
   * @return whether all of them ended by themselves
   */
  boolean drain(Duration grace) throws InterruptedException {
    server.shutdown();
    if (server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      return true;
    }
    server.shutdownNow();
    server.awaitTermination(5, TimeUnit.SECONDS);
    return false;
  }

  /** Ends whatever still runs, at once. */
  @Override
  public void close() {
    server.shutdownNow();
    timer.shutdownNow();
    handlers.shutdownNow();
  }
}
