package dev.facet.deploy;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A bound on the memory of a process, as a container has one; of either version of cgroups. */
final class MemoryCgroup implements AutoCloseable {
  private final Path folder;
  private final boolean second;

  private MemoryCgroup(Path folder, boolean second) {
    this.folder = folder;
    this.second = second;
  }

  /** Skips the test where this process may not make one. */
  static MemoryCgroup of(long bytes) {
    boolean second = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    Path parent = Path.of(second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory");
    try {
      Path folder = Files.createDirectory(parent.resolve("facet-" + ProcessHandle.current().pid()));
      MemoryCgroup group = new MemoryCgroup(folder, second);
      Files.writeString(
          folder.resolve(second ? "memory.max" : "memory.limit_in_bytes"), String.valueOf(bytes));
      return group;
    } catch (IOException e) {
      return abort("memory bound: this process may not make a cgroup");
    }
  }

  String processes() {
    return folder.resolve("cgroup.procs").toString();
  }

  /** Processes that were killed because there was no room. */
  long kills() throws IOException {
    return Files.readAllLines(folder.resolve(second ? "memory.events" : "memory.oom_control"))
        .stream()
        .filter(line -> line.startsWith("oom_kill "))
        .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
        .findFirst()
        .orElseThrow();
  }

  /** The most that was used, in bytes. */
  long peak() throws IOException {
    return Long.parseLong(
        Files.readString(folder.resolve(second ? "memory.peak" : "memory.max_usage_in_bytes"))
            .strip());
  }

  @Override
  public void close() throws IOException {
    Files.delete(folder);
  }
}
