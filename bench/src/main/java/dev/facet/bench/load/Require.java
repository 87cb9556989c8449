package dev.facet.bench.load;

import dev.facet.bench.BenchFailure;

/** Checks of the command line. */
final class Require {

  private Require() {}

  /**
   * Refuses a value.
   *
   * @throws BenchFailure unless it holds
   */
  static void option(String name, boolean holds, String allowed) {
    if (!holds) {
      throw new BenchFailure(BenchFailure.USAGE, name + " must be " + allowed);
    }
  }
}
