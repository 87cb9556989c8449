package dev.facet.bench;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.facet.gateway.gallery.GalleryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What the programs of this module share: how they read their command lines and say why they fail.
 */
public final class Program {

  /** How results are written for programs. */
  public static final Gson JSON =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private Program() {}

  /** The installation that this program belongs to, as the launcher told it. */
  public static Path home() {
    return Path.of(System.getProperty("facet.home", ".")).toAbsolutePath().normalize();
  }

  /** To be called first in a process of its own. */
  public static void prepare() {
    // Numbers are written the same everywhere.
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    // By a name of its own: the services' is on the class path too.
    System.setProperty("logback.configurationFile", "bench-logback.xml");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /**
   * The command line of a program, which says in one line why it fails.
   *
   * @param command as picocli knows it
   * @param debug whether a failure also says where it comes from, asked when it has happened
   */
  public static CommandLine commandLine(Object command, BooleanSupplier debug) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setAbbreviatedSubcommandsAllowed(false)
        .setUsageHelpLongOptionsMaxWidth(28)
        .setParameterExceptionHandler((e, args) -> sayMisuse(e))
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> sayFailure(e, commandLine, debug.getAsBoolean()));
  }

  /** Writes a result, into a folder that is made where it is not there. */
  public static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
  }

  /**
   * Runs a command that a signal interrupts: the process ends when the command has cleaned up.
   *
   * @return the exit code
   */
  public static int interruptibly(IntSupplier work) {
    CountDownLatch finished = new CountDownLatch(1);
    Thread command = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> interruptAndWait(command, finished), "bench-stop"));
    try {
      return work.getAsInt();
    } finally {
      finished.countDown();
    }
  }

  private static void interruptAndWait(Thread command, CountDownLatch finished) {
    command.interrupt();
    try {
      // Longer than the calls under way are waited for.
      var _ = finished.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private static int sayFailure(Exception e, CommandLine commandLine, boolean debug) {
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
