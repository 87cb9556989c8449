package dev.facet.bench.all;

import com.google.gson.Gson;
import dev.facet.bench.BenchFailure;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** {@link RawRuns} in its process. */
final class RawPeer implements AutoCloseable {

  /** Sessions and threads of each: one processor, then both in either way. */
  private static final int[][] WAYS = {{1, 1}, {2, 1}, {1, 2}};

  private static final int[] BATCHES = {1, 4, 8, 16};

  private static final Duration STOP = Duration.ofSeconds(10);

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final Gson gson = new Gson();

  /**
   * Starts the process.
   *
   * @param graph takes uint8 [items, height, width, 3]
   */
  RawPeer(Surroundings surroundings, Path graph, int height, int width) {
    this(surroundings, graph, height, width, List.of());
  }

  /**
   * Starts the process, on a GPU.
   *
   * @param provider what {@link RawRuns} is told beyond the graph; nothing is the processor
   */
  RawPeer(Surroundings surroundings, Path graph, int height, int width, List<String> provider) {
    List<String> command = new ArrayList<>();
    command.add(Surroundings.java());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", surroundings.jar("bench").toString(), RawRuns.class.getName()));
    command.addAll(List.of(graph.toString(), Integer.toString(height), Integer.toString(width)));
    command.addAll(provider);
    try {
      this.process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw BenchFailure.file(graph, e);
    }
    this.commands = process.outputWriter();
    this.answers = process.inputReader();
  }

  RawCost cost(int sessions, int threads, int items, double seconds) {
    return cost(sessions, threads, 1, items, seconds);
  }

  RawCost cost(int sessions, int threads, int callers, int items, double seconds) {
    try {
      commands.write("%d %d %d %d %s%n".formatted(sessions, threads, callers, items, seconds));
      commands.flush();
      String line = answers.readLine();
      if (line == null) {
        throw new BenchFailure(
            BenchFailure.INTERNAL, "ONNX Runtime's process ended; what it said is above");
      }
      return gson.fromJson(line, RawCost.class);
    } catch (IOException e) {
      throw new BenchFailure(BenchFailure.INTERNAL, "ONNX Runtime's process: " + e.getMessage());
    }
  }

  /** The same way once more. */
  RawCost again(RawCost way, double seconds) {
    return cost(way.sessions(), way.threads(), way.callers(), way.items(), seconds);
  }

  /** All ways to use the machine, the cheapest for an item first. */
  List<RawCost> sweep(double seconds) {
    List<RawCost> costs = new ArrayList<>();
    for (int[] way : WAYS) {
      for (int items : BATCHES) {
        costs.add(cost(way[0], way[1], items, seconds));
      }
    }
    return costs.stream().sorted(Comparator.comparingDouble(RawCost::cpuMillis)).toList();
  }

  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException e) {
      process.destroyForcibly();
    }
    Children.awaitEnd(process, STOP);
  }
}
