package dev.facet.gateway;

/** Who waits for an answer. */
enum Priority {
  /** A person; goes first. */
  INTERACTIVE,
  /** A job. */
  BULK
}
