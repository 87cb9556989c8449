package dev.facet.models;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream that ends with an error once nothing has come through it for a while.
 *
 * <p>The timeouts of {@link java.net.http.HttpClient} end with the headers of an answer, so a
 * server that falls silent in the middle of the body would hold its reader for ever. A thread looks
 * on and closes the stream beneath.
 */
final class GuardedStream extends FilterInputStream {

  private final Duration timeout;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong reads = new AtomicLong();
  private volatile boolean stalled;

  GuardedStream(InputStream in, Duration timeout) {
    super(in);
    this.timeout = timeout;
    Thread.ofVirtual().name("facet-download-guard").start(this::watch);
  }

  private void watch() {
    try {
      long seen = -1;
      while (!closed.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        if (seen == reads.get()) {
          stalled = true;
          in.close();
          return;
        }
        seen = reads.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // From closing; the reader gets an error of its own.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      int read = in.read(target, offset, length);
      reads.incrementAndGet();
      return read;
    } catch (IOException e) {
      if (stalled) {
        throw new IOException("nothing came for %.1f s".formatted(timeout.toMillis() / 1e3), e);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    super.close();
  }
}
