package dev.facet.gateway.gallery.milvus;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A clock that nobody sets: it begins in 1970 and goes as {@link System#nanoTime} does. */
final class Uptime extends Clock {
  private final LongSupplier nanoTime;
  private final long begun;

  Uptime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    begun = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plus(Duration.ofNanos(nanoTime.getAsLong() - begun));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  /** The time of day is of no interest here. */
  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
