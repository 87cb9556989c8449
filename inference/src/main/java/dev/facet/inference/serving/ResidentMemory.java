package dev.facet.inference.serving;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What this process holds of the machine's memory, heap and native together. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String FIELD = "VmRSS:";

  private ResidentMemory() {}

  /** Bytes resident now; empty on systems without {@code /proc}. */
  public static OptionalLong bytes() {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(ResidentMemory::kibibytes)
          .map(kibibytes -> kibibytes * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static long kibibytes(String line) {
    return Long.parseLong(line.substring(FIELD.length()).replace("kB", "").strip());
  }
}
