package dev.facet.inference.batch;

import dev.facet.inference.batch.DeviceException.Fault;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the batches so far say of the device that they ran on. Not thread-safe: the batcher's lock
 * guards it.
 */
final class DeviceRecord {

  /** Batches in a row without memory for a single item before the device counts as lost. */
  private static final int SHORTAGES = 3;

  private int shortages;
  private @Nullable DeviceException loss;

  /** Learns from a batch that was run; true if the device is lost now, and was not before. */
  boolean lost(Isolation<?, ?> batch) {
    boolean before = loss != null;
    if (batch.loss().isPresent()) {
      loss = batch.loss().get();
    } else if (batch.succeeded()) {
      shortages = 0;
    } else if (batch.shortage().isPresent() && ++shortages == SHORTAGES) {
      loss =
          new DeviceException(
              Fault.LOST,
              "no memory for a single item, %d batches in a row".formatted(SHORTAGES),
              batch.shortage().get());
    }
    return !before && loss != null;
  }

  /** Why no run will succeed any more. */
  Optional<DeviceException> loss() {
    return Optional.ofNullable(loss);
  }
}
