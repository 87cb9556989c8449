package dev.facet.bench.drain;

import dev.facet.bench.BenchFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What happens to packets on their way to a replica, until it is closed. */
final class PacketRule implements AutoCloseable {
  private final List<String> rule;

  /**
   * Begins.
   *
   * @param match and target, in the words of iptables
   */
  PacketRule(String address, String... match) {
    rule = new ArrayList<>(List.of("INPUT", "-d", address, "-p", "tcp"));
    rule.addAll(List.of(match));
    iptables("-I");
  }

  private void iptables(String action) {
    List<String> command = new ArrayList<>(List.of("iptables", "-w", action));
    command.addAll(rule);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new BenchFailure(BenchFailure.UNAVAILABLE, "iptables: " + said);
      }
    } catch (IOException e) {
      throw new BenchFailure(BenchFailure.UNAVAILABLE, "iptables is not installed");
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
  }

  @Override
  public void close() {
    iptables("-D");
  }
}
