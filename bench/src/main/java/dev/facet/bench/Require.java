package dev.facet.bench;

/** Checks of the command line. */
public final class Require {

  private Require() {}

  /**
   * Refuses a value.
   *
   * @throws BenchFailure unless it holds
   */
  public static void option(String name, boolean holds, String allowed) {
    if (!holds) {
      throw new BenchFailure(BenchFailure.USAGE, name + " must be " + allowed);
    }
  }
}
