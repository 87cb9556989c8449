package dev.facet.inference.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime from telling its maker about this process.
 *
 * <p>Left alone, version 1.29 reads the machine's id and the command line when its environment is
 * made, keeps them in a database in the user's cache, and would send them. Besides that nobody
 * asked for it, its regular expressions recur once for each character of the command line: 4,000
 * characters, as class paths have them, overflow a Java thread's stack and end the process. It
 * looks for a variable of the process's environment, which Java itself can read only.
 */
final class Telemetry {
  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private static final String SWITCH = "ORT_DISABLE_TELEMETRY";

  private Telemetry() {}

  /** Must come before the environment; what the process was started with holds. */
  @SuppressWarnings("restricted") // so is loading ONNX Runtime itself
  static void disable() {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("setenv"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_INT))
                  .invokeExact(
                      arena.allocateFrom(SWITCH), arena.allocateFrom("1"), /* overwrite= */ 0);
      if (failed != 0) {
        log.warn("{} cannot be set: ONNX Runtime may report on this process", SWITCH);
      }
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e); // setenv throws nothing
    }
  }
}
