package dev.facet.gateway.ledger;

import org.jdbi.v3.core.Handle;

/** The numbering of changes. */
final class ChangeSequence {
  private ChangeSequence() {}

  static long newest(Handle handle) {
    return handle.createQuery("SELECT newest FROM change_sequence").mapTo(Long.class).one();
  }

  static long next(Handle handle) {
    return take(handle, 1);
  }

  /** Takes so many numbers at once and returns the last of them. */
  static long take(Handle handle, long count) {
    return handle
        .createQuery("UPDATE change_sequence SET newest = newest + :count RETURNING newest")
        .bind("count", count)
        .mapTo(Long.class)
        .one();
  }
}
