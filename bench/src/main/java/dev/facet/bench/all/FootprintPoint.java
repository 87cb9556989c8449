package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the services hold in memory when they are loaded, and how long each takes from its exec
 * until it says that it is ready, with the models in the cache.
 */
final class FootprintPoint implements Point {

  private static final double MOST_MIB = 600;
  private static final double MOST_START_S = 5;
  private static final double MOST_GATEWAY_START_S = 3;
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "footprint";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    List<Finding> findings = new ArrayList<>();
    Map<String, Program> programs = new LinkedHashMap<>();
    try (RunningFacet facet = RunningFacet.start(surroundings, List.of())) {
      findings.addAll(loaded(surroundings, facet));
      programs.put("detector", Program.of(facet.detector()));
      programs.put("embedder", Program.of(facet.embedder()));
      programs.put("gateway", Program.of(facet.gateway()));
    }
    surroundings.say("footprint: starts");
    Map<String, List<Double>> starts = new LinkedHashMap<>();
    for (int round = 0; round < surroundings.rounds(); round++) {
      List<Process> running = new ArrayList<>();
      try {
        // The gateway is ready when those that it calls are.
        programs.forEach(
            (name, program) -> {
              long start = System.nanoTime();
              running.add(program.start(surroundings));
              program.awaitReady(running.getLast());
              starts
                  .computeIfAbsent(name, _ -> new ArrayList<>())
                  .add((System.nanoTime() - start) / 1e9);
            });
      } finally {
        running.reversed().forEach(process -> Children.end(process, STOP));
      }
    }
    starts.forEach(
        (name, seconds) ->
            findings.add(
                Finding.atMost(
                    name(),
                    name + ": exec to ready, s",
                    name.equals("gateway") ? MOST_GATEWAY_START_S : MOST_START_S,
                    "%.2f",
                    new Sample(seconds),
                    "")));
    return findings;
  }

  private List<Finding> loaded(Surroundings surroundings, RunningFacet facet) {
    Generator generator = new Generator(surroundings);
    surroundings.say("footprint: full load");
    double seconds = 3 * surroundings.seconds();
    var _ = generator.run(words("embedder", facet.embedder(), seconds));
    List<Finding> findings = new ArrayList<>();
    findings.add(memory("embedder", facet.embedder(), MOST_MIB));
    if (surroundings.photos().isPresent()) {
      List<String> words = new ArrayList<>(words("detector", facet.detector(), seconds));
      words.add("--photos=" + surroundings.photos().get());
      var _ = generator.run(words);
      findings.add(memory("detector", facet.detector(), MOST_MIB));
    } else {
      findings.add(Finding.open(name(), "detector: resident at full load, MiB", "no photos here"));
    }
    return findings;
  }

  private static List<String> words(String call, Service service, double seconds) {
    return List.of(
        "--call=" + call,
        "--at=" + service.address(),
        "--clients=32",
        "--warmup=1",
        "--duration=" + seconds,
        "--lateness=1000");
  }

  private Finding memory(String service, Service running, double bound) {
    Long bytes = Memory.peak(Long.toString(running.pid()));
    String what = service + ": most resident under full load, MiB";
    return bytes == null
        ? Finding.open(name(), what, "the system does not tell")
        : Finding.atMost(
            name(), what, bound, "%.0f", Sample.of(bytes / (double) (1 << 20)), "32 clients");
  }

  /**
   * A service as {@code facet up} started it.
   *
   * @param command its command line, word for word
   */
  private record Program(Service service, List<String> command) {

    static Program of(Service service) {
      Path file = Path.of("/proc", Long.toString(service.pid()), "cmdline");
      try {
        return new Program(service, List.of(Files.readString(file).split("\0")));
      } catch (IOException e) {
        throw BenchFailure.file(file, e);
      }
    }

    Process start(Surroundings surroundings) {
      try {
        return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(surroundings.fresh("start.log").toFile())
            .start();
      } catch (IOException e) {
        throw BenchFailure.file(Path.of(Objects.requireNonNull(command.getFirst())), e);
      }
    }

    void awaitReady(Process process) {
      if (!Children.awaitReady(process, service, LONGEST_START)) {
        throw new BenchFailure(BenchFailure.UNAVAILABLE, "did not start: " + command);
      }
    }
  }
}
