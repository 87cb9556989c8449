package dev.facet.bench.load;

import java.util.function.Consumer;

/** What is called: one method of one service, with requests made from the number of the call. */
interface Operation extends AutoCloseable {

  /**
   * Sends a call and returns without waiting.
   *
   * @param number of the call, from 0
   * @param ended told once, on any thread, which it must not hold up
   */
  void start(long number, Consumer<Outcome> ended);

  /** What is still under way is given up. */
  @Override
  void close();
}
