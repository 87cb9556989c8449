package dev.facet.gateway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved. */
public final class SettableClock implements InstantSource {
  private volatile Instant now = Instant.parse("2026-01-02T03:04:05.678901Z");

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves the clock, forward or back. */
  public void advance(Duration by) {
    now = now.plus(by);
  }
}
