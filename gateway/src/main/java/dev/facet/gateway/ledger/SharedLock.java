package dev.facet.gateway.ledger;

/** A right that one gateway has at a time, until it gives it back or is gone. */
public interface SharedLock extends AutoCloseable {
  /**
   * Whether it still has it. A gateway that was stopped for too long, or cut off, has lost it. It
   * asks the database, so call it more often than a minute: a silent holder counts as gone.
   */
  boolean held();

  @Override
  void close();
}
