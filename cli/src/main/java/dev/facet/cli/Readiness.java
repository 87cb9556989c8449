package dev.facet.cli;

/** Says whether a service does what it is there for. */
interface Readiness extends AutoCloseable {

  /** Asks it now; false where it does not answer within seconds. */
  boolean serving();

  @Override
  void close();
}
