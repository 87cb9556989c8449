package dev.facet.bench.all;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The first NVIDIA GPU of this machine, in its driver's words.
 *
 * @param capability the version of its instructions, 9.0 for sm_90
 */
record Gpu(String name, String driver, String memory, String capability) {

  /** Asks the driver; empty where there is none, or no GPU. */
  static Optional<Gpu> find() {
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name,driver_version,memory.total,compute_cap",
                  "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? parse(answer) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no driver
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  static Optional<Gpu> parse(String answer) {
    List<String> fields =
        Arrays.stream(answer.lines().findFirst().orElse("").split(",", -1))
            .map(String::strip)
            .toList();
    return fields.size() == 4
        ? Optional.of(new Gpu(fields.get(0), fields.get(1), fields.get(2), fields.get(3)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "%s, %s, driver %s, sm_%s".formatted(name, memory, driver, capability.replace(".", ""));
  }
}
