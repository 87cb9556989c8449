package dev.facet.detector;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a number of lines a second go on, and says how many it kept back before the next that goes.
 * Used by one thread; what it counts may be read by others.
 */
final class LineLimit {
  private final int burst;
  private final double perNano;
  private final AtomicLong passed = new AtomicLong();
  private final AtomicLong kept = new AtomicLong();

  private double room;
  private long last;
  private long keptSinceTold;
  private boolean inLine;
  private boolean passing;

  /**
   * A limit with all of its room.
   *
   * @param burst lines that go on at once after a silence
   * @param nanos now, on the clock of {@link #pass}
   */
  LineLimit(int burst, int perSecond, long nanos) {
    this.burst = burst;
    this.perNano = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
    room = burst;
    last = nanos;
  }

  /** What goes on of the next bytes. The end of a line goes where its beginning went. */
  byte[] pass(byte[] bytes, long nanos) {
    room = Math.min(burst, room + (nanos - last) * perNano);
    last = nanos;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte next : bytes) {
      if (!inLine) {
        begin(out);
      }
      if (passing) {
        out.write(next);
      }
      inLine = next != '\n';
    }
    return out.toByteArray();
  }

  private void begin(ByteArrayOutputStream out) {
    passing = room >= 1;
    if (!passing) {
      kept.incrementAndGet();
      keptSinceTold++;
      return;
    }
    room--;
    passed.incrementAndGet();
    if (keptSinceTold > 0) {
      String told = "(%,d more lines of native libraries left out)\n".formatted(keptSinceTold);
      out.writeBytes(told.getBytes(StandardCharsets.UTF_8));
      keptSinceTold = 0;
    }
  }

  /** Lines that went on. */
  long passed() {
    return passed.get();
  }

  /** Lines that did not. */
  long kept() {
    return kept.get();
  }
}
