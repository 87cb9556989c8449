package dev.facet.bench;

import dev.facet.bench.all.AllCommand;
import dev.facet.bench.drain.DrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The {@code facet bench} command. */
@Command(
    name = "facet bench",
    header = "Measure Facet's parts, side by side with their peers.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AllCommand.class, DrainCommand.class, GalleryCommand.class},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:calls failed that should not have (drain)",
      "2:the command line makes no sense",
      "65:the input was refused",
      "69:a store cannot be reached or did not start",
      "70:a fault of Facet's own",
      "74:a file cannot be read or written",
      "130:stopped by Ctrl-C"
    })
public final class BenchMain {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say what the command does and stop.")
  @SuppressWarnings("unused") // picocli reads it
  private boolean help;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "With an error, print where it comes from.")
  private boolean debug;

  private BenchMain() {}

  /** Runs one measurement. */
  public static void main(String[] args) {
    Program.prepare();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    BenchMain bench = new BenchMain();
    return Program.commandLine(bench, () -> bench.debug);
  }
}
