package dev.facet.bench.all;

import dev.facet.bench.Machine;
import dev.facet.bench.Program;
import dev.facet.bench.Require;
import dev.facet.bench.Scratch;
import dev.facet.bench.SharedFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures everything that Facet promises about speed. */
@Command(
    name = "all",
    header = "Everything Facet promises about speed: target, measured, spread, peer.",
    description = {
      "Starts Facet as 'facet up' does, loads it as 'facet load' does, and runs what it is measured"
          + " against in turns with it, on this machine. The points are independent of each other;"
          + " what cannot be measured here is named, with the reason.",
      "Ratios and processor time bear a machine that others use; latencies and starts do not."
    },
    footer = {
      "",
      "Examples:",
      "  facet bench all --quick",
      "  facet bench all --points embedder,pipeline",
      "  facet bench all --out docs/results",
      "",
      "Models come from $FACET_MODELS_MIRROR, the cache or upstream, as for facet up; photos from"
          + " --photos, or else photos/ in $FACET_SHARED (or in ../shared beside the checkout)."
    })
public final class AllCommand implements Callable<Integer> {

  private static final List<Point> POINTS =
      List.of(
          new EmbedderPoint(),
          new DetectorPoint(),
          new BatchingPoint(),
          new PipelinePoint(),
          new FootprintPoint(),
          new GpuPoint());

  @Option(names = "--quick", description = "Fewer and shorter rounds: under ten minutes.")
  private boolean quick;

  @Option(
      names = "--points",
      split = ",",
      paramLabel = "NAME",
      description = "Only these (default: all).")
  private List<String> only = List.of();

  @Option(
      names = "--photos",
      paramLabel = "DIR",
      description = "JPEG photos of faces, large ones among them.")
  private Optional<Path> photos = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write speed.json, speed.md and speed.svg (a plot) there.")
  private @Nullable Path out;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  @Override
  public Integer call() {
    List<String> known = POINTS.stream().map(Point::name).toList();
    Require.option("--points", known.containsAll(only), "some of " + String.join(", ", known));
    SpeedReport report = measure();
    PrintWriter answer = command.commandLine().getOut();
    if (json) {
      answer.println(Program.JSON.toJson(report));
    } else {
      report.lines().forEach(answer::println);
    }
    answer.flush();
    if (out != null) {
      write(out.resolve("speed.json"), Program.JSON.toJson(report) + "\n");
      write(out.resolve("speed.svg"), SpeedPlot.svg(report));
      write(out.resolve("speed.md"), report.page("speed.svg"));
    }
    return 0;
  }

  private SpeedReport measure() {
    Machine machine = Machine.here();
    Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Finding> findings = new ArrayList<>();
    try (Scratch scratch = new Scratch(Path.of(System.getProperty("java.io.tmpdir")))) {
      Surroundings surroundings =
          new Surroundings(
              Program.home(),
              photoFolder(),
              scratch.file("."),
              quick ? 3 : 5,
              quick ? 2 : 6,
              quick ? 1 : 6,
              this::note);
      for (Point point : POINTS) {
        if (only.isEmpty() || only.contains(point.name())) {
          findings.addAll(point.measure(surroundings));
        }
      }
    }
    return new SpeedReport(
        began.toString(),
        Duration.between(began, Instant.now()).toSeconds(),
        machine,
        quick,
        findings);
  }

  private Optional<Path> photoFolder() {
    return photos.or(
        () -> Optional.of(SharedFolder.path().resolve("photos")).filter(Files::isDirectory));
  }

  private void write(Path file, String text) {
    Program.write(file, text);
    note("wrote " + file);
  }

  private void note(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
  }
}
