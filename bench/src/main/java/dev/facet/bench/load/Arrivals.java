package dev.facet.bench.load;

import java.util.SplittableRandom;

/** When calls are due. */
interface Arrivals {

  /** When the next call is due, in nanoseconds after the beginning; never less than the last. */
  long next();

  /** At equal distances, the first at once. */
  static Arrivals constant(double perSecond) {
    return new Arrivals() {
      private long number;

      @Override
      public long next() {
        // From the number each time: a sum of rounded gaps would drift.
        return Math.round(number++ * 1e9 / perSecond);
      }
    };
  }

  /** As callers come who do not know of each other; equal seeds give equal moments. */
  static Arrivals poisson(double perSecond, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Arrivals() {
      private double at;

      @Override
      public long next() {
        at -= Math.log1p(-random.nextDouble()) * 1e9 / perSecond;
        return Math.round(at);
      }
    };
  }
}
