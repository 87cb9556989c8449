package dev.facet.bench.all;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.facet.bench.BenchFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Detector, embedder and gateway as {@code facet up} starts them, on free ports. */
final class RunningFacet implements AutoCloseable {

  private static final Gson GSON = new Gson();
  private static final Duration STOP = Duration.ofSeconds(60);

  private final Process process;
  private final Ready ready;

  /** What {@code facet up --json} says when all are ready. */
  private record Ready(@Nullable Map<String, Service> services) {}

  private RunningFacet(Process process, Ready ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts them and waits until they are ready.
   *
   * @param options of {@code facet up}
   */
  static RunningFacet start(Surroundings surroundings, List<String> options) {
    Path data = surroundings.fresh("data");
    List<String> command = new ArrayList<>();
    command.add(Surroundings.java());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dfacet.home=" + surroundings.home());
    command.addAll(List.of("-jar", surroundings.jar("cli").toString()));
    command.addAll(List.of("up", "--json", "--ports", "auto", "--data", data.toString()));
    command.addAll(options);
    Path log = surroundings.fresh("up.log");
    try {
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      BufferedReader answers = process.inputReader();
      String line = answers.readLine();
      if (line == null) {
        throw new BenchFailure(
            BenchFailure.UNAVAILABLE, "facet up ended: " + Files.readString(log).strip());
      }
      return new RunningFacet(process, GSON.fromJson(line, Ready.class));
    } catch (JsonParseException e) {
      throw new BenchFailure(BenchFailure.INTERNAL, "facet up: " + e.getMessage());
    } catch (IOException e) {
      throw BenchFailure.file(log, e);
    }
  }

  Service gateway() {
    return service("gateway");
  }

  Service detector() {
    return service("detector");
  }

  Service embedder() {
    return service("embedder");
  }

  private Service service(String name) {
    return Objects.requireNonNull(Objects.requireNonNull(ready.services).get(name), name);
  }

  /** Stops the services in order, as Ctrl-C does. */
  @Override
  public void close() {
    Children.end(process, STOP);
  }
}
