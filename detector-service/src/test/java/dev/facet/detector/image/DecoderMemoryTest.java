package dev.facet.detector.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What many pictures take together, and what the decoder does when others have taken much. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the peak of a process's memory is read from /proc")
@Timeout(300)
class DecoderMemoryTest {
  private static final long BUDGET_KIB = 1 << 20;
  private static final long PICTURE_KIB = 50_000_000 * 3 / 1024;

  @TempDir private Path directory;

  /** I14: 64 pictures of 50 megapixels would take 9.6 GB, and as much again turned. */
  @Test
  @Tag("faults")
  void largePicturesOfManyCallersStayWithinTheBudget() throws Exception {
    byte[] upright = Jpegs.claiming(Scene.of(64, 48).encoded(".jpg"), 8_000, 6_250);
    for (byte[] image : new byte[][] {upright, Jpegs.with(upright, Jpegs.exif(6))}) {
      long grown = grownKib(64, image);
      System.out.println("64 pictures of 50 megapixels took " + grown / 1024 + " MiB");
      assertThat(grown).isLessThan(BUDGET_KIB + BUDGET_KIB / 4);
      // Two at once at least, or the budget would not be what held the others back.
      assertThat(grown).isGreaterThan(2 * PICTURE_KIB);
    }
  }

  /** I17: JavaCPP's own guess at the memory that a process may have is four times the heap. */
  @Test
  void decodingGoesOnWhenOthersHaveTakenMuchMemory() throws Exception {
    assertThat(decodedBeside(400, List.of("-Xmx64m"))).isEqualTo("640x480");
    assertThat(
            decodedBeside(400, List.of("-Xmx64m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=256m")))
        .as("what the guess would do, or this test shows nothing")
        .isEmpty();
  }

  private static String decodedBeside(int mib, List<String> options) throws Exception {
    Process process =
        ChildJvm.of(FullMemory.class, options, List.of(Integer.toString(mib)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    process.waitFor();
    return output;
  }

  private long grownKib(int callers, byte[] image) throws IOException, InterruptedException {
    Path file = Files.write(directory.resolve("picture"), image);
    Process process =
        ChildJvm.of(
                CrowdedDecoder.class,
                List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"),
                List.of(Integer.toString(callers), file.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD) // a line of libjpeg for each
            .start();
    String[] kib =
        new String(process.getInputStream().readAllBytes(), US_ASCII).strip().split(" ", -1);
    assertThat(process.waitFor()).isZero();
    return Long.parseLong(kib[1]) - Long.parseLong(kib[0]);
  }
}
