package dev.facet.bench;

import dev.facet.gateway.gallery.GalleryException;
import java.io.PrintWriter;
import java.util.Locale;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code facet bench} command. */
@Command(
    name = "facet bench",
    header = "Measure Facet's parts, side by side with their peers.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = GalleryCommand.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
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
    // Numbers are written the same everywhere.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    // By a name of its own: the services' is on the class path too.
    System.setProperty("logback.configurationFile", "bench-logback.xml");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    BenchMain bench = new BenchMain();
    return new CommandLine(bench)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedSubcommandsAllowed(false)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setParameterExceptionHandler((e, args) -> sayMisuse(e))
        .setExecutionExceptionHandler((e, commandLine, parsed) -> bench.sayFailure(e, commandLine));
  }

  private static int sayMisuse(ParameterException e) {
    CommandLine commandLine = e.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("facet: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '%s --help'.".formatted(commandLine.getCommandSpec().qualifiedName()));
    err.flush();
    return BenchFailure.USAGE;
  }

  private int sayFailure(Exception e, CommandLine commandLine) {
    PrintWriter err = commandLine.getErr();
    int exitCode;
    if (e instanceof BenchFailure failure) {
      exitCode = failure.exitCode();
      err.println("facet: " + failure.getMessage());
    } else if (e instanceof GalleryException) {
      exitCode = BenchFailure.UNAVAILABLE;
      err.println("facet: " + e.getMessage());
    } else {
      exitCode = BenchFailure.INTERNAL;
      err.println("facet: a fault of its own (" + e + "); --debug says where");
    }
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return exitCode;
  }
}
