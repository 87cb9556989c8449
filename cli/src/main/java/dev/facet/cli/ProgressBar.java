package dev.facet.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows how far a task is: a bar that is drawn over itself on a terminal, a line at every tenth
 * elsewhere, but not more than one a second; both with an estimate of the time that is left. Any
 * thread may report.
 */
final class ProgressBar implements AutoCloseable {

  private static final int BAR_WIDTH = 30;
  private static final long REDRAW_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LINE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean terminal;
  private final String task;
  private final long total;
  private final LongSupplier nanoTime;
  private final long start;
  private long done;
  private long drawnAt;
  private long tenths;
  private boolean barShown;

  ProgressBar(PrintWriter out, PrintWriter err, boolean terminal, String task, long total) {
    this(out, err, terminal, task, total, System::nanoTime);
  }

  /**
   * The same with a clock of the caller's.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  ProgressBar(
      PrintWriter out,
      PrintWriter err,
      boolean terminal,
      String task,
      long total,
      LongSupplier nanoTime) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.task = task;
    this.total = total;
    this.nanoTime = nanoTime;
    this.start = nanoTime.getAsLong();
    this.drawnAt = terminal ? start - REDRAW_NANOS : start;
  }

  /** Whether a person watches: standard input and output are a terminal. */
  static boolean terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** One more of the items is done. */
  synchronized void step() {
    to(done + 1);
  }

  /** So many of the items are done. */
  synchronized void to(long items) {
    done = items;
    long now = nanoTime.getAsLong();
    if (terminal) {
      if (now - drawnAt >= REDRAW_NANOS || done >= total) {
        drawnAt = now;
        draw();
      }
    } else if (total > 0 && done * 10 / total > tenths && now - drawnAt >= LINE_NANOS) {
      tenths = done * 10 / total;
      drawnAt = now;
      err.println(
          "%s %s/%s %s".formatted(task, amount(done), amount(total), remaining()).stripTrailing());
      err.flush();
    }
  }

  /** Prints a line of the answer above the bar. */
  synchronized void line(String text) {
    clear();
    out.println(text);
    out.flush();
    if (terminal) {
      draw();
    }
  }

  /** Takes the bar away. */
  @Override
  public synchronized void close() {
    clear();
  }

  private void draw() {
    int filled = total == 0 ? BAR_WIDTH : (int) (done * BAR_WIDTH / total);
    err.print(
        CLEAR_LINE
            + "%s [%s%s] %s/%s %s"
                .formatted(
                    task,
                    "=".repeat(filled),
                    " ".repeat(BAR_WIDTH - filled),
                    amount(done),
                    amount(total),
                    remaining()));
    err.flush();
    barShown = true;
  }

  private void clear() {
    if (barShown) {
      err.print(CLEAR_LINE);
      err.flush();
      barShown = false;
    }
  }

  private String remaining() {
    if (done == 0 || done >= total) {
      return "";
    }
    long seconds =
        Duration.ofNanos((long) ((nanoTime.getAsLong() - start) * ((double) (total - done) / done)))
            .toSeconds();
    return seconds == 0 ? "" : "%d:%02d left".formatted(seconds / 60, seconds % 60);
  }

  private String amount(long items) {
    return total < 100_000 ? Long.toString(items) : "%.1fM".formatted(items / 1e6);
  }
}
