package dev.facet.inference.onnx;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Lets calls in, any number at a time, until it ends; and ends only when no call is inside. */
final class Lifetime {

  // Fair, so that calls without end cannot keep it from ending.
  private final ReadWriteLock inside = new ReentrantReadWriteLock(/* fair= */ true);
  private boolean ended; // guarded by inside

  /** A call that may fail. */
  interface Call<T, E extends Exception> {
    T run() throws E;
  }

  /**
   * Makes the call.
   *
   * @throws IllegalStateException if this has ended
   */
  <T, E extends Exception> T during(Call<T, E> call) throws E {
    inside.readLock().lock();
    try {
      if (ended) {
        throw new IllegalStateException("the model is closed");
      }
      return call.run();
    } finally {
      inside.readLock().unlock();
    }
  }

  /** Waits for the calls inside, lets no more in, and does this last, the first time only. */
  void end(Runnable last) {
    inside.writeLock().lock();
    try {
      if (!ended) {
        ended = true;
        last.run();
      }
    } finally {
      inside.writeLock().unlock();
    }
  }
}
