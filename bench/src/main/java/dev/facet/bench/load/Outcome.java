package dev.facet.bench.load;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param failure null when it was answered
 * @param faces in the answer
 */
record Outcome(@Nullable Failure failure, int faces) {

  static Outcome answered(int faces) {
    return new Outcome(null, faces);
  }

  static Outcome failed(Failure failure) {
    return new Outcome(failure, 0);
  }
}
