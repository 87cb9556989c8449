package dev.facet.bench.load;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.facet.bench.BenchFailure;
import dev.facet.bench.Machine;
import dev.facet.bench.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code facet load} command. */
@Command(
    name = "facet load",
    header = "Send calls to a running service at a stated pace; say what callers would have seen.",
    description = {
      "An open loop (--rate) sends each call when it is due, whatever has become of those before, and"
          + " counts its latency from then: a service that stalls is charged with all who came"
          + " meanwhile. A closed loop (--clients) has clients who wait for their answers: what a"
          + " service can do, not what people see who come by themselves. --find-rate looks for the"
          + " highest rate whose p99 is within a bound.",
      "Every call due in the measured time is answered or failed, and failures are counted by gRPC"
          + " code and reason. When the generator was late or short of CPU, the report says so and"
          + " claims nothing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:no rate holds the bound",
      "2:the command line makes no sense",
      "65:the input was refused",
      "69:the service cannot be reached or is not ready",
      "70:a fault of Facet's own",
      "74:a file cannot be read or written",
      "75:the generator was late or short of CPU: nothing is claimed",
      "130:stopped by Ctrl-C"
    },
    footer = {
      "",
      "Examples:",
      "  facet load --call detect --photos photos/ --rate 20",
      "  facet load --call search --photos photos/ --clients 8 --json",
      "  facet load --call embedder --crops 8 --clients 32 --duration 60",
      "  facet load --call identify --photos photos/ --find-rate --p99 200 --step 1 --out results \\",
      "    --metrics http://127.0.0.1:9464/metrics --metrics http://127.0.0.1:9465/metrics",
      "",
      "FACET_LOAD_HEAP (1g) is the heap of the process; half of it may be filled with photos."
    })
public final class LoadMain implements Callable<Integer> {

  private static final Gson GSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .disableHtmlEscaping()
          .serializeNulls()
          .create();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Say what the command does and stop.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  @Option(names = "--debug", description = "With an error, print where it comes from.")
  private boolean debug;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Equal seeds send equal calls at equal times (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Also write the report there, as .txt, .json and .html with plots.")
  private @Nullable Path out;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of these files (default: load-CALL).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description =
          "The .json of an earlier run, at the same pace: says whether this one differs from it.")
  private @Nullable Path baseline;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Mixin private final CallOptions call = new CallOptions();
  @Mixin private final PaceOptions pace = new PaceOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  private LoadMain() {}

  /** Makes one measurement. Ctrl-C ends it, and takes back what was prepared. */
  public static void main(String[] args) {
    Program.prepare();
    System.exit(Program.interruptibly(() -> commandLine().execute(args)));
  }

  static CommandLine commandLine() {
    LoadMain load = new LoadMain();
    return Program.commandLine(load, () -> load.debug);
  }

  @Override
  public Integer call() {
    pace.check();
    call.check();
    Result earlier = baseline == null ? null : earlier(baseline);
    LoadReport report = measure(earlier);
    List<String> text = LoadText.lines(report);
    PrintWriter answer = command.commandLine().getOut();
    if (json) {
      answer.println(GSON.toJson(report));
    } else {
      text.forEach(answer::println);
    }
    answer.flush();
    if (out != null) {
      String file = name.orElse("load-" + call.call());
      write(out.resolve(file + ".txt"), String.join("\n", text) + "\n");
      write(out.resolve(file + ".json"), GSON.toJson(report) + "\n");
      write(out.resolve(file + ".html"), LoadPage.of(report));
    }
    return exitCode(report);
  }

  private static Result earlier(Path file) {
    try {
      LoadReport report = GSON.fromJson(Files.readString(file), LoadReport.class);
      Result result = report == null ? null : report.result();
      if (result != null) {
        return result;
      }
    } catch (JsonParseException e) {
      throw new BenchFailure(BenchFailure.REFUSED, file + ": " + e.getMessage());
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
    throw new BenchFailure(BenchFailure.REFUSED, file + ": not of one run that is valid");
  }

  private LoadReport measure(@Nullable Result earlier) {
    Machine machine = Machine.here();
    Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    PhotoMix photos = call.photos(seed);
    Trial.Settings settings = pace.settings(call.timeout(), seed);
    try (Target target = call.open(photos, seed)) {
      LoadReport.Plan plan =
          new LoadReport.Plan(
              call.call().toString(),
              call.address(),
              call.connections(),
              target.note(),
              photos == null ? null : photos.summary(),
              settings.warmup().toNanos() / 1e9,
              settings.length().toNanos() / 1e9,
              settings.timeout().toNanos() / 1e9,
              settings.maxInFlight(),
              settings.limitMs(),
              seed);
      Trial trial = new Trial(target.operation(), settings);
      Sweep sweep = pace.search(trial);
      List<Run> runs = sweep == null ? List.of(pace.run(trial)) : List.of();
      Result result = runs.isEmpty() ? null : runs.getFirst().result();
      return new LoadReport(
          began.toString(),
          machine,
          plan,
          runs,
          sweep,
          target.connections().retries(),
          earlier == null || result == null ? List.of() : Comparison.of(earlier, result));
    }
  }

  private static int exitCode(LoadReport report) {
    if (!report.valid()) {
      return BenchFailure.NOTHING_CLAIMED;
    }
    Sweep sweep = report.sweep();
    return sweep != null && sweep.highestRate() == 0 ? BenchFailure.NEGATIVE : 0;
  }

  private void write(Path file, String text) {
    Program.write(file, text);
    PrintWriter err = command.commandLine().getErr();
    err.println("wrote " + file);
    err.flush();
  }
}
