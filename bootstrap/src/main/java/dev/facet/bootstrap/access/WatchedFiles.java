package dev.facet.bootstrap.access;

import dev.facet.bootstrap.StartException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of certificates, keys and tokens, loaded again when what they hold has changed. */
public final class WatchedFiles implements AutoCloseable {
  /*
   * Contents are compared, not times: a volume of Kubernetes swaps a symbolic link, a copy may keep
   * the time of its source, and the files are small. What belongs together, such as a certificate
   * and its key, is read and taken as one, or not at all. grpc-java's own reloading from files is
   * not used: it waits until the times of both files have changed, takes a certificate that does
   * not fit the key, and tells of a failure on java.util.logging alone.
   *
   * What cannot be used is told once for each way in which it cannot, and counted at each look, so
   * that an alert on the counter's rate stays for as long as the files are wrong.
   */
  private static final Logger log = LoggerFactory.getLogger(WatchedFiles.class);
  private static final int READS = 4;

  private final MeterRegistry meters;
  private final Duration every;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("files").factory());

  /**
   * Takes the contents of files, in their order; throws and changes nothing if they are no good.
   */
  @FunctionalInterface
  public interface Loader {
    void load(List<byte[]> contents) throws GeneralSecurityException, IOException;
  }

  public WatchedFiles(Duration every, MeterRegistry meters) {
    this.every = every;
    this.meters = meters;
  }

  /**
   * Loads files now, and again whenever they change.
   *
   * @param settings the keys that name the files, in messages
   * @throws StartException if they cannot be loaded now
   */
  public void load(String settings, List<Path> files, Loader loader) {
    Watch watch = new Watch(settings, files, loader);
    try {
      watch.load(watch.read());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new StartException("%s (%s): %s".formatted(settings, watch.names(), words(e)));
    }
    var _ =
        timer.scheduleWithFixedDelay(
            watch::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private static String words(Exception e) {
    return e instanceof IOException ? "cannot be read: " + e : String.valueOf(e.getMessage());
  }

  /** Files that are taken as one. Everything after the first load happens on the timer's thread. */
  private final class Watch {
    private final String settings;
    private final List<Path> files;
    private final Loader loader;
    private final Counter reloads;
    private final Counter failures;
    private volatile List<byte[]> loaded = List.of();
    private String told = "";

    Watch(String settings, List<Path> files, Loader loader) {
      this.settings = settings;
      this.files = List.copyOf(files);
      this.loader = loader;
      reloads =
          Counter.builder("facet.reloads")
              .description("Changes of files of certificates, keys or tokens that were taken")
              .tag("setting", settings)
              .register(meters);
      failures =
          Counter.builder("facet.reload.failures")
              .description("Looks at such files that found them changed and unusable")
              .tag("setting", settings)
              .register(meters);
    }

    String names() {
      return String.join(", ", files.stream().map(Path::toString).toList());
    }

    void load(List<byte[]> contents) throws GeneralSecurityException, IOException {
      loader.load(contents);
      loaded = contents;
    }

    void look() {
      try {
        List<byte[]> now = read();
        if (!same(now, loaded)) {
          load(now);
          reloads.increment();
          log.info("{} has changed and is used from now on: {}", settings, names());
        }
        told = "";
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        failures.increment();
        if (!words(e).equals(told)) {
          told = words(e);
          log.error(
              "{} has changed and cannot be used, what was loaded before stays: {}: {}",
              settings,
              names(),
              told);
        }
      }
    }

    /** Reads until nobody has written in between. */
    List<byte[]> read() throws IOException {
      List<byte[]> contents = readOnce();
      for (int i = 1; i < READS; i++) {
        List<byte[]> again = readOnce();
        if (same(contents, again)) {
          break;
        }
        contents = again;
      }
      return contents;
    }

    private List<byte[]> readOnce() throws IOException {
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files) {
        contents.add(Files.readAllBytes(file));
      }
      return contents;
    }

    private static boolean same(List<byte[]> one, List<byte[]> other) {
      return Arrays.deepEquals(one.toArray(), other.toArray());
    }
  }
}
