package dev.facet.gateway.ledger;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A sequence number that grows and can be waited for. */
public final class Watermark {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();

  /* Both guarded by lock. */
  private long value;
  private boolean closed;

  public long value() {
    lock.lock();
    try {
      return value;
    } finally {
      lock.unlock();
    }
  }

  /** Does nothing when the watermark is as high already. */
  public void raise(long to) {
    lock.lock();
    try {
      if (to > value) {
        value = to;
        raised.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is higher was of a past that is no more; does nothing when the watermark is lower. */
  public void lower(long to) {
    lock.lock();
    try {
      value = Math.min(value, to);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the watermark came as high as this within the time, and before it was closed. */
  public boolean await(long atLeast, Duration atMost) throws InterruptedException {
    long nanos = atMost.toNanos();
    lock.lock();
    try {
      while (value < atLeast) {
        if (closed || nanos <= 0) {
          return false;
        }
        nanos = raised.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody go who waits, now and later. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
