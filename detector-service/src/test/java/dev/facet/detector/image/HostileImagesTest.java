package dev.facet.detector.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Hostile files in a process of their own: what each costs in memory, heap and native. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the peak of a process's memory is read from /proc")
class HostileImagesTest {
  private static final byte[] SMALL_JPEG = Scene.of(64, 48).encoded(".jpg");
  private static final long KIB_10_MB = 10 * 1024;
  private static final long KIB_50_MB = 50 * 1024;

  @TempDir private Path directory;
  private final List<String> files = new ArrayList<>();

  private record Result(String outcome, long grownKib) {}

  /** I07. */
  @Test
  void sizesThatLieCostNothing() throws Exception {
    file("65500", Jpegs.claiming(SMALL_JPEG, 65_500, 65_500));
    file("20000", Jpegs.claiming(SMALL_JPEG, 20_000, 20_000));
    file("0", Jpegs.claiming(SMALL_JPEG, 0, 0));
    file("65000x8", Jpegs.claiming(SMALL_JPEG, 65_000, 8));
    assertAll("IMAGE_DIMENSIONS");
  }

  /** I08. */
  @Test
  void scanBombsCostNothing() throws Exception {
    file("1572", Jpegs.scanBomb(5000, 5000, 1_572));
    file("62500", Jpegs.scanBomb(5000, 5000, 62_500));
    assertAll("TOO_MANY_SCANS");
  }

  /** I09. */
  @Test
  void pngBombsCostNothing() throws Exception {
    file("400-megapixels", Pngs.black(20_000, 20_000, 8, Pngs.RGB));
    file("900-megapixels", Pngs.black(30_000, 30_000, 1, Pngs.GREY));
    file("2^31", Pngs.withPixels(Pngs.header(1 << 31, 1 << 31, 8, Pngs.RGB), new byte[9]));
    assertAll("IMAGE_DIMENSIONS");
  }

  /** I10: texts, profiles and metadata never reach the decoder, or are skipped by it. */
  @Test
  void chunkBombsAreIgnored() throws Exception {
    byte[] bomb = Pngs.zeros(512L << 20);
    file("profile", Pngs.black(64, 48, 8, Pngs.RGB, Pngs.profile(bomb)));
    file("text", Pngs.black(64, 48, 8, Pngs.RGB, Pngs.text(bomb)));
    file("international", Pngs.black(64, 48, 8, Pngs.RGB, Pngs.internationalText(bomb)));
    byte[][] texts = new byte[1_000][];
    Arrays.fill(texts, Pngs.text(Pngs.zeros(7_900_000)));
    file("thousand-texts", Pngs.black(64, 48, 8, Pngs.RGB, texts));
    byte[] jpeg = SMALL_JPEG;
    byte[] metadata = Jpegs.segment(Jpegs.APP1, Jpegs.concat(Jpegs.tiff(6), new byte[65_000]));
    for (int i = 0; i < 150; i++) {
      jpeg = Jpegs.with(jpeg, metadata);
    }
    file("metadata", jpeg);
    results().values().forEach(result -> assertThat(result.outcome()).isEqualTo("64x48"));
  }

  private void file(String name, byte[] image) throws IOException {
    files.add(Files.write(directory.resolve(name), image).toString());
  }

  private void assertAll(String fault) throws Exception {
    for (Map.Entry<String, Result> result : results().entrySet()) {
      assertThat(result.getValue().outcome()).as(result.getKey()).isEqualTo(fault);
      assertThat(result.getValue().grownKib()).as(result.getKey()).isLessThan(KIB_10_MB);
    }
  }

  private Map<String, Result> results() throws Exception {
    // The whole heap is touched at the start, so that what grows later is native memory.
    Process process =
        ChildJvm.of(
                HostileImages.class, List.of("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch"), files)
            .start();
    Map<String, Result> results = new HashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", 3);
        Result result = new Result(words[1], Long.parseLong(words[2]));
        assertThat(result.grownKib()).as(line).isLessThan(KIB_50_MB);
        results.put(words[0], result);
      }
    }
    assertThat(process.waitFor()).isZero();
    assertThat(results).hasSameSizeAs(files);
    return results;
  }
}
