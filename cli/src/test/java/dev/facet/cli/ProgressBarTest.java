package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How far a task is, and how long it may take. */
class ProgressBarTest {

  private final AtomicLong now = new AtomicLong(-1);
  private final StringWriter err = new StringWriter();

  private ProgressBar bar(boolean terminal, long total) {
    return new ProgressBar(
        new PrintWriter(new StringWriter()),
        new PrintWriter(err),
        terminal,
        "embedding",
        total,
        now::get);
  }

  @Test
  void withoutATerminalEveryTenthIsALineWithTheTimeLeft() {
    try (ProgressBar bar = bar(false, 40)) {
      for (int i = 0; i < 40; i++) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        bar.step();
      }
    }
    assertThat(err.toString().lines())
        .hasSize(10)
        .startsWith("embedding 4/40 3:00 left", "embedding 8/40 2:40 left")
        .endsWith("embedding 40/40");
  }

  @Test
  void whatTakesLessThanASecondIsNotTold() {
    try (ProgressBar bar = bar(false, 2)) {
      bar.step();
      bar.step();
    }
    assertThat(err).hasToString("");
  }

  @Test
  void onATerminalTheBarIsDrawnOverItselfAndTakenAway() {
    try (ProgressBar bar = bar(true, 4)) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(30));
      bar.step();
    }
    assertThat(err)
        .hasToString(
            "\r\u001b[Kembedding [%s%s] 1/4 1:30 left\r\u001b[K"
                .formatted("=".repeat(7), " ".repeat(23)));
  }
}
