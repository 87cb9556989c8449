package dev.facet.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * I12: damaged pictures are decoded or refused; nothing crashes, hangs or swallows memory. In a
 * process of its own, as a crash of the decoder ends it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the peak of a process's memory is read from /proc")
class FuzzedImagesTest {
  private static final long MIB = 1 << 10; // in KiB

  @TempDir private Path directory;

  private record Outcome(int decoded, int refused, long slowest, long slowestMillis, long peakKib) {
    static Outcome of(String line) {
      String[] words = line.split(" ", -1);
      return new Outcome(
          Integer.parseInt(words[1]),
          Integer.parseInt(words[3]),
          Long.parseLong(words[5]),
          Long.parseLong(words[7]),
          Long.parseLong(words[9]));
    }
  }

  /** The same thousands in every run. */
  @Test
  void damagedPicturesAreDecodedOrRefused() throws Exception {
    fuzz(0, 5_000);
  }

  /** Others in every run. */
  @Test
  @Tag("fuzz")
  void hundredThousandDamagedPicturesAreDecodedOrRefused() throws Exception {
    fuzz(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2), 100_000);
  }

  private void fuzz(long first, int count) throws IOException, InterruptedException {
    Path underWay = directory.resolve("under-way");
    Process process =
        ChildJvm.of(
                FuzzedImages.class,
                List.of("-Xmx128m", "-XX:ErrorFile=" + directory.resolve("crash-%p")),
                List.of(Long.toString(first), Integer.toString(count), underWay.toString()))
            .redirectError(
                ProcessBuilder.Redirect.DISCARD) // a line for each, of libjpeg and libpng
            .start();
    try {
      boolean ended = process.waitFor(15, TimeUnit.MINUTES);
      long number = ByteBuffer.wrap(Files.readAllBytes(underWay)).getLong();
      assertThat(ended).as("picture %d was decoded in time", number).isTrue();
      assertThat(process.exitValue()).as("exit code at picture %d", number).isZero();
      Outcome outcome = Outcome.of(process.inputReader().readLine());
      System.out.println("Pictures from " + first + " on: " + outcome);
      assertThat(outcome.decoded()).isGreaterThan(count / 20);
      assertThat(outcome.refused()).isGreaterThan(count / 20);
      assertThat(outcome.slowestMillis()).as("of picture %d", outcome.slowest()).isLessThan(2_000);
      assertThat(outcome.peakKib()).isLessThan(700 * MIB);
    } finally {
      process.destroyForcibly();
    }
  }
}
