package dev.facet.gateway;

import dev.facet.gateway.access.Caller;
import dev.facet.gateway.jobs.Progress;
import dev.facet.gateway.jobs.RecallMeasure;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures from time to time, on a thread of its own, how much of what there is the gallery finds.
 *
 * <p>The exact search reads every vector of a collection once, and compares each with so many
 * queries that the comparisons are bounded, not with more in a larger collection.
 */
final class RecallWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RecallWatch.class);
  private static final int SEARCHES = 100;
  private static final long COMPARISONS = 20_000_000;
  private static final int PAGE = 1_000;

  private final Ledger ledger;
  private final RecallMeasure recall;
  private final GatewayMetrics metrics;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("recall").factory());

  /**
   * Begins to measure.
   *
   * @param every zero for never
   */
  RecallWatch(Ledger ledger, RecallMeasure recall, GatewayMetrics metrics, Duration every) {
    this.ledger = ledger;
    this.recall = recall;
    this.metrics = metrics;
    if (!every.isZero()) {
      long nanos = every.toNanos();
      var _ = thread.scheduleWithFixedDelay(this::measureAll, nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  private void measureAll() {
    try {
      long after = 0;
      List<FaceCollection> page;
      do {
        page = ledger.collections(after, PAGE);
        for (FaceCollection collection : page) {
          measure(collection);
          after = collection.number();
        }
      } while (page.size() == PAGE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException | Error e) { // what is thrown from here is never run again
      log.warn("The recall could not be measured; trying again later", e);
    }
  }

  private void measure(FaceCollection collection) throws InterruptedException {
    long faces = ledger.statistics(collection).faces();
    if (faces > 0) {
      int searches = Math.clamp(COMPARISONS / faces, 1, SEARCHES);
      metrics.recalled(
          name(collection.key()), recall.measure(collection, searches, 0, new Progress()));
    }
  }

  /** Another tenant's collection may have the same id. */
  private static String name(CollectionKey key) {
    return key.tenant().equals(Caller.OPERATOR)
        ? key.collectionId()
        : key.tenant() + "/" + key.collectionId();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("The measuring of recall does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
