package dev.facet.inference.metrics;

import dev.facet.inference.batch.BatchListener;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Outcome;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.QueueFullException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The meters of one batcher, all tagged {@code model} and {@code version}.
 *
 * <ul>
 *   <li>{@code facet.batch.size}: items of a batch; its count is the number of batches
 *   <li>{@code facet.batch.run}: time of a batch's runs
 *   <li>{@code facet.batch.reruns}: further runs to find an item the model fails on
 *   <li>{@code facet.batch.shortages}: batches that the device had no memory for
 *   <li>{@code facet.batch.limit}: most items of a batch now
 *   <li>{@code facet.batch.queue}: time an item waited, by {@code priority}
 *   <li>{@code facet.batch.items}: items ended, by {@code outcome}; all but {@code succeeded} and
 *       {@code model_failed} were dropped before or during their run
 *   <li>{@code facet.batch.refused}: items refused at the door, by {@code reason}
 *   <li>{@code facet.batch.queued}: items waiting now, by {@code priority}
 * </ul>
 *
 * <p>When the model is unloaded its queue and limit are no longer shown; what was counted stays.
 */
public final class BatchMetrics implements BatchListener, AutoCloseable {
  private final MeterRegistry meters;
  private final Tags model;
  private final List<Meter> gauges = new ArrayList<>();
  private final DistributionSummary size;
  private final Timer run;
  private final Counter reruns;
  private final Counter shortages;

  /**
   * The meters of a batcher.
   *
   * @param model catalogue name, with the part for a model of several
   */
  public BatchMetrics(MeterRegistry meters, String model, String version) {
    this.meters = meters;
    this.model = Tags.of("model", model, "version", version);
    size =
        DistributionSummary.builder("facet.batch.size")
            .description("Items in a batch")
            .tags(this.model)
            .register(meters);
    run =
        Timer.builder("facet.batch.run")
            .description("Time of a batch's model runs")
            .tags(this.model)
            .publishPercentileHistogram()
            .register(meters);
    reruns =
        Counter.builder("facet.batch.reruns")
            .description("Further runs to find an item the model fails on")
            .tags(this.model)
            .register(meters);
    shortages =
        Counter.builder("facet.batch.shortages")
            .description("Batches that the device had no memory for")
            .tags(this.model)
            .register(meters);
  }

  /** Shows the batcher's queue and limit too. */
  public void watch(Batcher<?, ?> batcher) {
    gauges.add(
        Gauge.builder("facet.batch.limit", batcher, Batcher::limit)
            .description("Most items of a batch now")
            .tags(model)
            .register(meters));
    for (Priority priority : Priority.values()) {
      gauges.add(
          Gauge.builder("facet.batch.queued", batcher, b -> b.queued(priority))
              .description("Items waiting for a run")
              .tags(model.and("priority", lower(priority)))
              .register(meters));
    }
  }

  @Override
  public void ran(int items, int reruns, long nanos) {
    size.record(items);
    run.record(nanos, TimeUnit.NANOSECONDS);
    this.reruns.increment(reruns);
  }

  @Override
  public void limited(int items) {
    shortages.increment();
  }

  @Override
  public void ended(Priority priority, Outcome outcome, BatchTiming timing) {
    meters
        .timer("facet.batch.queue", model.and("priority", lower(priority)))
        .record(timing.queueNanos(), TimeUnit.NANOSECONDS);
    meters.counter("facet.batch.items", model.and("outcome", lower(outcome))).increment();
  }

  @Override
  public void refused(Priority priority, int items, QueueFullException.Reason reason) {
    meters.counter("facet.batch.refused", model.and("reason", lower(reason))).increment(items);
  }

  /** Shows queue and limit no more. */
  @Override
  public void close() {
    gauges.forEach(meters::remove);
    gauges.clear();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
