package dev.facet.gateway;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks detector and embedder for their models from time to time: keeps the gateway's knowledge of
 * them fresh, and tells once when both have answered.
 */
final class BackendWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BackendWatch.class);

  /** Until both have answered, somebody waits for it. */
  private static final Duration IMPATIENCE = Duration.ofMillis(250);

  private final Backends backends;
  private final DetectorClient detector;
  private final EmbeddingModels models;
  private final Duration refresh;
  private final Runnable bothAnswered;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Starts to watch.
   *
   * @param bothAnswered runs once, on the watch's thread
   */
  BackendWatch(
      Backends backends,
      DetectorClient detector,
      EmbeddingModels models,
      Duration refresh,
      Runnable bothAnswered) {
    this.backends = backends;
    this.detector = detector;
    this.models = models;
    this.refresh = refresh;
    this.bothAnswered = bothAnswered;
    thread = Thread.ofPlatform().daemon().name("backend-watch").start(this::watch);
  }

  private void watch() {
    boolean up = false;
    boolean told = false;
    try {
      do {
        boolean before = up;
        boolean detectorUp = ask(detector::models);
        boolean embedderUp = ask(models::refresh);
        up = detectorUp && embedderUp;
        if (up != before) {
          log.info("Detector and embedder {}", up ? "answer" : "do not both answer");
        }
        if (up && !told) {
          bothAnswered.run();
          told = true;
        }
      } while (!closed.await((told ? refresh : IMPATIENCE).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ask(Runnable question) {
    try {
      question.run();
      return true;
    } catch (StatusRuntimeException away) {
      backends.reconnect();
      return false;
    } catch (RuntimeException unusable) {
      log.warn("What a service says of its models cannot be used", unusable);
      return false;
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
