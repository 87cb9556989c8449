package dev.facet.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code facet up} as a person starts it: a process of its own with three more below it. */
final class Up implements AutoCloseable {
  private static final long STOP_SECONDS = 60;

  private final Path folder;
  private final Process process;
  private final JsonObject ready;

  private Up(Path folder, Process process, JsonObject ready) {
    this.folder = folder;
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts it and waits until all is ready.
   *
   * @throws IllegalStateException with what it said, if it ends instead
   */
  static Up start(Path folder, String... arguments) throws IOException, InterruptedException {
    return start(folder, Map.of(), List.of(arguments));
  }

  /** The same with variables beside those of this process. */
  static Up start(Path folder, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "up", "--json", "--ports", "auto", "--data", folder.resolve("data").toString()));
    command.addAll(arguments);
    Path errors = Files.createTempFile(folder, "up", ".err");
    // Its first line is the answer: a pipe is waited on, a file could only be looked at.
    Process process = Command.piped(command, errors, environment);
    String line;
    try (var reader = process.inputReader(StandardCharsets.UTF_8)) {
      line = reader.readLine();
    }
    if (line == null) {
      process.waitFor();
      throw new IllegalStateException(Files.readString(errors));
    }
    return new Up(folder, process, JsonParser.parseString(line).getAsJsonObject());
  }

  /** The line that says that all is ready. */
  JsonObject ready() {
    return ready;
  }

  /** A service that it started. */
  JsonObject service(String name) {
    return ready.getAsJsonObject("services").getAsJsonObject(name);
  }

  /** The processes below it. */
  List<ProcessHandle> services() {
    return ready.getAsJsonObject("services").entrySet().stream()
        .map(service -> service.getValue().getAsJsonObject().get("pid").getAsLong())
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .toList();
  }

  /** SIGKILL to it alone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The JSON answer of a command that talks to its gateway. */
  JsonElement answer(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--json");
    command.add("--gateway");
    command.add(service("gateway").get("address").getAsString());
    Command run = Command.run(folder, command);
    if (run.status() != 0) {
      throw new IllegalStateException(run.errors());
    }
    return JsonParser.parseString(run.output());
  }

  /** Asks it to stop, as Ctrl-C would, and waits until it has. */
  @Override
  public void close() {
    process.destroy();
    boolean stopped = false;
    try {
      stopped = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!stopped) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
