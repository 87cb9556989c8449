package dev.facet.bootstrap;

import dev.facet.bootstrap.access.ServerAccess;
import dev.facet.bootstrap.access.TokenSettings;
import dev.facet.bootstrap.access.WatchedFiles;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
   * call is answered UNAVAILABLE, MODEL_NOT_READY. ANSWERING, after answer(): calls are taken, and
   * nobody is sent here yet. SERVING, after ready(); serve() is both. DRAINING, after SIGTERM or
   * close(): health says NOT_SERVING, calls are still taken for drain.delay because balancers
   * need time to notice; then no new calls; those in flight have drain.grace to end and are then
   * cancelled. The state only moves forward; a drain from WARMING skips the delay, as nobody was
   * sent here. FAILED, after fail(), is the other end.
   *
   * While SERVING a host can be suspended and resumed: health says NOT_SERVING, and calls are still
   * taken.
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
    ANSWERING,
    SERVING,
    DRAINING,
    FAILED
  }

  /** Time for probes to see that the process has failed, and for callers to be told. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final String name;
  private final DrainSettings settings;
  private final Metrics metrics;
  private final Health health = new Health();
  private final WatchedFiles files;
  private final GrpcServer grpc;
  private final AdminServer admin;
  private final Thread hook = new Thread(this::terminate, "sigterm");
  private final CountDownLatch closed = new CountDownLatch(1);

  private final Object lock = new Object();
  private volatile State state = State.WARMING; // written under the lock
  private volatile boolean suspended; // written under the lock

  private ServiceHost(String name, ServerSettings settings, TokenSettings tokens) {
    this.name = name;
    this.settings = settings.drain();
    metrics = new Metrics(name);
    files = new WatchedFiles(settings.tls().reloadEvery(), metrics.registry());
    GrpcServer opened = null;
    try {
      ServerAccess access = ServerAccess.open(settings.tls(), tokens, files, metrics.registry());
      opened = new GrpcServer(settings.grpc(), access, health.service(), metrics.registry());
      admin = new AdminServer(settings.admin(), this::isAlive, this::isReady, metrics::page);
    } catch (StartException e) {
      if (opened != null) {
        opened.close();
      }
      files.close();
      throw e;
    }
    grpc = opened;
    Runtime.getRuntime().addShutdownHook(hook);
    log.info("{} listens: grpc {}, admin {}; warming up", name, grpcPort(), adminPort());
  }

  /**
   * Binds both ports; the service is live and not ready.
   *
   * @param name the service's name in logs and metrics
   * @throws StartException if a port cannot be bound, or a file of certificates cannot be used
   */
  public static ServiceHost open(String name, ServerSettings settings) {
    return open(name, settings, TokenSettings.NONE);
  }

  /**
   * The same for a service that other services call, and whose callers may have to send a token.
   */
  public static ServiceHost open(String name, ServerSettings settings, TokenSettings tokens) {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install(); // gRPC logs to java.util.logging
    }
    return new ServiceHost(name, settings, tokens);
  }

  /** The registry for the meters of the service's own parts. */
  public MeterRegistry meters() {
    return metrics.registry();
  }

  /** Where channels to other services have their certificates and tokens watched. */
  public WatchedFiles files() {
    return files;
  }

  /** The port bound, which differs from the setting if that was 0. */
  public int grpcPort() {
    return grpc.port();
  }

  /** The admin port bound, which differs from the setting if that was 0. */
  public int adminPort() {
    return admin.port();
  }

  /** Begins to answer, ready: the services are warm. See {@link #answer} and {@link #ready}. */
  public void serve(ErrorTable errors, BindableService... services) {
    answer(errors, services);
    ready();
  }

  /**
   * Begins to answer without being ready: for a service that can tell what it lacks. Without effect
   * if the end has already begun.
   */
  public void answer(ErrorTable errors, BindableService... services) {
    List<ServerServiceDefinition> definitions =
        Arrays.stream(services).map(BindableService::bindService).toList();
    synchronized (lock) {
      if (state != State.WARMING) {
        return;
      }
      grpc.offer(errors, definitions);
      health.know(definitions.stream().map(d -> d.getServiceDescriptor().getName()).toList());
      state = State.ANSWERING;
    }
  }

  /** Tells the world to send its calls here. Without effect unless the services answer. */
  public void ready() {
    synchronized (lock) {
      if (state != State.ANSWERING) {
        return;
      }
      health.serve();
      state = State.SERVING;
    }
    log.info("{} is ready", name);
  }

  /** Tells the world to send its calls elsewhere for now. Without effect unless ready. */
  public void suspend() {
    synchronized (lock) {
      if (isReady()) {
        suspended = true;
        health.leave();
      }
    }
  }

  /** Ends a {@link #suspend}. */
  public void resume() {
    synchronized (lock) {
      if (state == State.SERVING && suspended) {
        suspended = false;
        health.serve();
      }
    }
  }

  /**
   * Ends a process that cannot do its work any more and of which another start may make a sound
   * one: health says NOT_SERVING, {@code liveness} included, and the JVM halts a second later,
   * whatever still runs. Does not return.
   *
   * @param exitCode of the process
   */
  public void fail(int exitCode) {
    synchronized (lock) {
      state = State.FAILED;
      health.fail();
    }
    try {
      Thread.sleep(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then at once
    }
    Runtime.getRuntime().halt(exitCode);
  }

  /** Whether the end has begun: a call without an end of its own must find one now. */
  public boolean isEnding() {
    return state == State.DRAINING;
  }

  /** Waits until the server has ended: after SIGTERM, or {@link #close} on another thread. */
  public void awaitTermination() {
    try {
      grpc.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the service as SIGTERM does, and frees its ports. */
  @Override
  public void close() {
    drain();
    grpc.close();
    admin.close();
    files.close();
    metrics.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.debug("The process is ending already, by its hooks");
    }
    log.info("{} has ended", name);
    closed.countDown();
  }

  private boolean isReady() {
    return state == State.SERVING && !suspended;
  }

  private boolean isAlive() {
    return state != State.FAILED;
  }

  /** The shutdown hook. */
  private void terminate() {
    boolean mainIsWaiting = state == State.ANSWERING || state == State.SERVING;
    drain();
    try {
      if (mainIsWaiting && !closed.await(settings.grace().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("{} did not close its parts within {} ms", name, settings.grace().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain() {
    boolean wasServing;
    synchronized (lock) {
      wasServing = state == State.SERVING;
      if (state != State.FAILED) {
        state = State.DRAINING;
      }
      health.leave();
    }
    try {
      if (wasServing) {
        log.info("{} drains: takes calls for another {} ms", name, settings.delay().toMillis());
        Thread.sleep(settings.delay());
      }
      if (!grpc.drain(settings.grace())) {
        log.warn("{} cancelled calls after {} ms", name, settings.grace().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
