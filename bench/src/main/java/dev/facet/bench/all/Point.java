package dev.facet.bench.all;

import java.util.List;

/** One of the promises about speed; it starts what it needs, and leaves nothing running. */
interface Point {

  /** The word for it on the command line. */
  String name();

  /**
   * Measures it.
   *
   * @return in the order in which they are told
   * @throws dev.facet.bench.BenchFailure when something that was to be measured did not start
   */
  List<Finding> measure(Surroundings surroundings);
}
