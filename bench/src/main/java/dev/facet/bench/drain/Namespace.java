package dev.facet.bench.drain;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.all.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network of its own, with a loopback interface and a hosts file that gives each name all of its
 * addresses. It is gone with the process in it.
 */
final class Namespace {
  /** The process is told by this that it is inside. */
  private static final String INSIDE = "facet.namespace";

  private static final String ENTER =
      "ip link set lo up && mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";

  private Namespace() {}

  static boolean isInside() {
    return Boolean.getBoolean(INSIDE);
  }

  /**
   * Runs this program again, inside, at this one's terminal.
   *
   * @param addresses of each name
   * @param words of its command line
   * @return its exit code
   */
  static int again(
      Surroundings surroundings, Map<String, List<String>> addresses, List<String> words) {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    addresses.forEach(
        (name, all) -> all.forEach(address -> hosts.append(address + " " + name + "\n")));
    byte[] text = hosts.toString().getBytes(StandardCharsets.UTF_8);
    List<String> command =
        new ArrayList<>(List.of("unshare", "--net", "--mount", "--propagation", "private"));
    command.addAll(
        List.of("sh", "-c", ENTER, "sh", surroundings.written("hosts", text).toString()));
    command.addAll(List.of(Surroundings.java(), "-D" + INSIDE + "=true"));
    command.add("-Dfacet.home=" + surroundings.home());
    command.addAll(List.of("-jar", surroundings.jar("bench").toString()));
    command.addAll(words);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new BenchFailure(
          BenchFailure.UNAVAILABLE, "a network namespace needs Linux, util-linux and root");
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
  }
}
