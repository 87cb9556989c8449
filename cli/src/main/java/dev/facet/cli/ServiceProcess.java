package dev.facet.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service running in a process of its own; closing it ends the process. */
final class ServiceProcess implements AutoCloseable {

  /** The services cancel what is left after their drain grace of 30 s. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(45);

  private static final int TAIL_BYTES = 16 << 10;
  private static final int TAIL_LINES = 15;

  private final String name;
  private final Ports.Doors doors;
  private final Path log;
  private final Process process;
  private final Readiness readiness;
  private final Duration longestStop;

  /**
   * Starts one of our services; its output goes to {@code log}, the one before to a file beside it.
   *
   * @param command program and arguments
   * @param doors where it will answer on loopback
   */
  ServiceProcess(String name, List<String> command, Ports.Doors doors, Path log) {
    this(name, ours(command), doors, log, new GrpcHealth(doors.grpc()), LONGEST_STOP);
  }

  /**
   * glibc keeps what threads freed in an arena for each few of them; with two arenas a loaded
   * detector held 550 MiB instead of 613.
   */
  private static ProcessBuilder ours(List<String> command) {
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
    return program;
  }

  /**
   * The same for a program of others.
   *
   * @param readiness is closed with the process
   * @param longestStop time it gets to end when it is asked to
   */
  ServiceProcess(
      String name,
      ProcessBuilder program,
      Ports.Doors doors,
      Path log,
      Readiness readiness,
      Duration longestStop) {
    this.name = name;
    this.doors = doors;
    this.log = log;
    this.readiness = readiness;
    this.longestStop = longestStop;
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      if (Files.exists(log)) {
        Files.move(
            log,
            log.resolveSibling(log.getFileName() + ".before"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      this.process =
          program
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      readiness.close();
      throw CommandFailure.file(log, e);
    }
  }

  String name() {
    return name;
  }

  Ports.Doors doors() {
    return doors;
  }

  long pid() {
    return process.pid();
  }

  Process process() {
    return process;
  }

  /** Whether it is ready now. */
  boolean serving() {
    return readiness.serving();
  }

  /** Why there is no use in going on, with the end of its log. */
  CommandFailure failure(String what) {
    List<String> lines = new ArrayList<>();
    lines.add("the %s %s; its log %s ends:".formatted(name, what, log));
    lines.addAll(tail());
    return new CommandFailure(ExitCode.UNAVAILABLE, String.join("\n  ", lines));
  }

  /** Asks the process to end, and makes it when it takes too long. */
  @Override
  public void close() {
    readiness.close();
    process.destroy();
    try {
      if (!process.waitFor(longestStop)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private List<String> tail() {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(TAIL_BYTES, file.length())];
      file.seek(file.length() - end.length);
      file.readFully(end);
      List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
