package dev.facet.cli;

import dev.facet.models.ModelException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code facet} command. */
@Command(
    name = "facet",
    header = "Face recognition: photos in, names out.",
    description = "",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      EnrollCommand.class,
      SearchCommand.class,
      IdentifyCommand.class,
      VerifyCommand.class,
      DetectCommand.class,
      FacesCommand.class,
      SubjectsCommand.class,
      CollectionsCommand.class,
      GalleryCommand.class,
      AdminCommand.class,
      ModelsCommand.class,
      EvalCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done, and the answer is yes",
      "1:done, and the answer is no: no face, no match, or some files were refused",
      "2:the command line makes no sense",
      "65:the input was refused",
      "69:a service cannot be reached, is not ready, is too slow or did not start",
      "70:a fault of Facet's own",
      "74:a file cannot be read or written",
      "130:stopped by Ctrl-C"
    },
    footer = {
      "",
      "Examples:",
      "  facet up                       start everything on this machine",
      "  facet enroll people/           people/NAME/*.jpg become the subjects NAME",
      "  facet identify photo.jpg       who is this?",
      "  facet bench gallery            measure the galleries (a program of its own)",
      "  facet load --call detect ...   load on a running service (a program of its own)"
    })
public final class FacetMain {

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

  private FacetMain() {}

  /** Runs one command. A signal interrupts it, and the process ends when it has cleaned up. */
  public static void main(String[] args) {
    // Numbers are written the same everywhere.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    // Pictures are drawn, windows never: a screen is not looked for.
    System.setProperty("java.awt.headless", "true");
    CountDownLatch finished = new CountDownLatch(1);
    Thread command = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> interruptAndWait(command, finished), "facet-stop"));
    int exitCode;
    try {
      exitCode = commandLine().execute(args);
    } finally {
      finished.countDown();
    }
    System.exit(exitCode);
  }

  static CommandLine commandLine() {
    FacetMain facet = new FacetMain();
    return new CommandLine(facet)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(FaceChoiceOption.class, FaceChoiceOption::of)
        .registerConverter(Lifetime.class, Lifetime::of)
        .registerConverter(Calibration.Ranges.class, Calibration.Ranges::of)
        .setAbbreviatedSubcommandsAllowed(false)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setParameterExceptionHandler((e, args) -> sayMisuse(e))
        .setExecutionExceptionHandler((e, commandLine, parsed) -> facet.sayFailure(e, commandLine));
  }

  private static int sayMisuse(ParameterException e) {
    CommandLine commandLine = e.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("facet: " + e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '%s --help'.".formatted(commandLine.getCommandSpec().qualifiedName()));
    err.flush();
    return ExitCode.USAGE;
  }

  private int sayFailure(Exception e, CommandLine commandLine) {
    PrintWriter err = commandLine.getErr();
    int exitCode;
    if (e instanceof ModelException model) {
      return sayFailure(CommandFailure.model(model), commandLine);
    }
    if (e instanceof CommandFailure failure) {
      exitCode = failure.exitCode();
      err.println("facet: " + failure.getMessage());
    } else {
      exitCode = ExitCode.INTERNAL;
      err.println("facet: a fault of its own (" + e + "); --debug says where");
    }
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return exitCode;
  }

  private static void interruptAndWait(Thread command, CountDownLatch finished) {
    command.interrupt();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
