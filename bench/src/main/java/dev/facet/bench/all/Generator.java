package dev.facet.bench.all;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.facet.bench.BenchFailure;
import dev.facet.bench.load.LoadReport;
import dev.facet.bench.load.Result;
import dev.facet.bench.load.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code facet load} in a process of its own, so that what it costs is not the servers'. */
public final class Generator {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  private static final int HEAP_MIB = 512;

  private final Surroundings surroundings;
  private final int heapMib;

  /** With a heap for calls of a photo each. */
  public Generator(Surroundings surroundings) {
    this(surroundings, HEAP_MIB);
  }

  /** For calls so large, or so many at a time, that they need more memory. */
  Generator(Surroundings surroundings, int heapMib) {
    this.surroundings = surroundings;
    this.heapMib = heapMib;
  }

  /**
   * One run.
   *
   * @param words of its command line
   */
  Run run(String... words) {
    return run(List.of(words));
  }

  /** The same. */
  public Run run(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Surroundings.java());
    command.addAll(List.of("-XX:+UseParallelGC", "-Xms" + heapMib + "m", "-Xmx" + heapMib + "m"));
    command.addAll(List.of("-cp", surroundings.jar("bench").toString()));
    command.add("dev.facet.bench.load.LoadMain");
    command.add("--json");
    command.addAll(words);
    Path out = surroundings.fresh("load.json");
    Path log = surroundings.fresh("load.log");
    try {
      int exitCode =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(log.toFile())
              .start()
              .waitFor();
      if (exitCode != 0 && exitCode != BenchFailure.NOTHING_CLAIMED) {
        throw new BenchFailure(exitCode, Files.readString(log).strip());
      }
      return GSON.fromJson(Files.readString(out), LoadReport.class).runs().getFirst();
    } catch (IOException e) {
      throw BenchFailure.file(out, e);
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
  }

  /**
   * What a run claims.
   *
   * @throws BenchFailure when it claims nothing
   */
  public static Result claimed(Run run) {
    Result result = run.result();
    if (result == null) {
      throw new BenchFailure(BenchFailure.NOTHING_CLAIMED, String.join("; ", run.problems()));
    }
    return result;
  }
}
