package dev.facet.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the process that listens on a port of this machine, on Linux.
 *
 * <p>{@code /proc/net/tcp} and {@code tcp6} give the socket's inode, {@code /proc/PID/fd} who has
 * it open (proc(5)). Processes of other users keep theirs to themselves.
 */
final class PortHolder {

  private static final String LISTEN = "0A";
  private static final int LONGEST_COMMAND = 100;

  private PortHolder() {}

  /**
   * The process, as {@code process 4711 (java -jar gateway.jar)}; empty where it is not to be seen.
   */
  static Optional<String> of(int port) {
    Set<String> inodes = new HashSet<>();
    for (String table : new String[] {"tcp", "tcp6"}) {
      inodes.addAll(listeners(Path.of("/proc/net", table), port));
    }
    if (inodes.isEmpty()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : processes) {
        if (holds(process, inodes)) {
          return Optional.of("process %s (%s)".formatted(process.getFileName(), command(process)));
        }
      }
    } catch (IOException e) {
      // Without /proc nobody is to be seen.
    }
    return Optional.empty();
  }

  /**
   * Columns of the table: slot, local address:port in hexadecimal, remote, state, …, inode (10th).
   */
  private static Set<String> listeners(Path table, int port) {
    Set<String> inodes = new HashSet<>();
    try {
      for (String line : Files.readAllLines(table)) {
        String[] columns = line.strip().split("\\s+", -1);
        if (columns.length > 9
            && columns[3].equals(LISTEN)
            && columns[1].endsWith(":%04X".formatted(port))) {
          inodes.add("socket:[" + columns[9] + "]");
        }
      }
    } catch (IOException e) {
      // Not Linux, or no IPv6.
    }
    return inodes;
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : open) {
        if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
          return true;
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Another user's, or gone.
    }
    return false;
  }

  private static String command(Path process) {
    try {
      String words =
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1)
              .replace('\0', ' ')
              .strip();
      return words.length() <= LONGEST_COMMAND ? words : words.substring(0, LONGEST_COMMAND) + "…";
    } catch (IOException e) {
      return "gone";
    }
  }
}
