package dev.facet.serving;

/**
 * How long a run has been at it, without the time in which it waited for a processor.
 *
 * <p>A run on the processor that is starved still creeps forward: what counts of it is the time of
 * its thread on a processor. A run that waits for a lock or a device does not move at all, and then
 * it is the time of the clock that counts. A run that goes round in circles, on the processor or
 * asking a device again and again, is caught by the first.
 */
final class RunAge {

  /** A thread that gets less of the time than this stands still; one that waits gets nothing. */
  private static final double CREEPING = 0.001;

  private long cpuNanos;
  private long ageNanos;

  /**
   * @param cpuNanos of the runner's thread so far, earlier runs included
   */
  RunAge(long cpuNanos) {
    this.cpuNanos = cpuNanos;
  }

  /**
   * Adds the time since the last look.
   *
   * @param elapsedNanos by the clock
   * @param cpuNanos of the runner's thread so far
   * @return nanoseconds in this run
   */
  long advance(long elapsedNanos, long cpuNanos) {
    long worked = cpuNanos - this.cpuNanos;
    this.cpuNanos = cpuNanos;
    ageNanos += worked > elapsedNanos * CREEPING ? worked : elapsedNanos;
    return ageNanos;
  }
}
