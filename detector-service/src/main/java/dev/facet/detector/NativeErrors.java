package dev.facet.detector;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what native libraries write to standard error within bounds. Every decoder writes a line
 * there for a damaged picture, itself and without a lock, so that anybody who sends pictures could
 * fill the log.
 *
 * <p>Their descriptor, 2, becomes the end of a pipe, whose other end a thread reads and passes on,
 * so many lines a second at most. {@code System.err}, and so the log, goes to the old descriptor
 * directly. Nothing is done where the C library cannot be called this way.
 */
final class NativeErrors implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NativeErrors.class);
  private static final int STANDARD_ERROR = 2;
  private static final int BURST = 50;
  private static final int PER_SECOND = 5;
  private static final int BUFFER = 1 << 16;

  private final PrintStream javas = System.err;
  private final LineLimit limit = new LineLimit(BURST, PER_SECOND, System.nanoTime());
  private final Descriptors descriptors;
  private final int original;
  private final int source;
  private final Thread thread;

  private NativeErrors(Descriptors descriptors) throws IOException {
    this.descriptors = descriptors;
    original = descriptors.duplicate(STANDARD_ERROR);
    Descriptors.Pipe pipe = descriptors.pipe();
    source = pipe.source();
    System.setErr(new PrintStream(new Original(), true, StandardCharsets.UTF_8));
    descriptors.replace(STANDARD_ERROR, pipe.sink());
    descriptors.close(pipe.sink());
    thread = Thread.ofPlatform().daemon().name("native-errors").start(this::passOn);
  }

  /** Begins, where that can be done, and counts what goes by. */
  static NativeErrors limit(MeterRegistry meters) {
    try {
      NativeErrors errors = new NativeErrors(Descriptors.ofTheProcess());
      errors.count(meters, "passed", LineLimit::passed);
      errors.count(meters, "kept", LineLimit::kept);
      return errors;
    } catch (IOException e) {
      throw new IllegalStateException("standard error cannot be led through a pipe", e);
    }
  }

  private void count(MeterRegistry meters, String outcome, ToDoubleFunction<LineLimit> lines) {
    FunctionCounter.builder("facet.native.error.lines", limit, lines)
        .description("Lines that native libraries wrote to standard error")
        .tag("outcome", outcome)
        .register(meters);
  }

  private void passOn() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER);
      for (int read = descriptors.read(source, buffer);
          read > 0;
          read = descriptors.read(source, buffer)) {
        byte[] bytes = buffer.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
        descriptors.write(original, limit.pass(bytes, System.nanoTime()));
      }
    } catch (IOException | RuntimeException e) {
      giveBack(); // or natives wait for a reader for ever
      log.warn("What native libraries write to standard error is not limited any more", e);
    }
  }

  private void giveBack() {
    try {
      descriptors.replace(STANDARD_ERROR, original);
    } catch (IOException e) {
      log.warn("Standard error could not be given back", e);
    }
  }

  @Override
  public void close() {
    giveBack(); // which ends the pipe
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.setErr(javas);
  }

  /** What Java writes. */
  private final class Original extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] some = new byte[length];
      System.arraycopy(bytes, offset, some, 0, length);
      descriptors.write(original, some);
    }
  }
}
