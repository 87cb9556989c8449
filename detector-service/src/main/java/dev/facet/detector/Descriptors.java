package dev.facet.detector;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** File descriptors of this process, by the C library's functions of POSIX. */
final class Descriptors {
  private final MethodHandle pipe;
  private final MethodHandle dup;
  private final MethodHandle dup2;
  private final MethodHandle close;
  private final MethodHandle read;
  private final MethodHandle write;

  /** Both ends of a pipe. */
  record Pipe(int source, int sink) {}

  private Descriptors(Linker linker, SymbolLookup library) {
    var number = ValueLayout.JAVA_INT;
    var address = ValueLayout.ADDRESS;
    var size = ValueLayout.JAVA_LONG;
    pipe = function(linker, library, "pipe", number, address);
    dup = function(linker, library, "dup", number, number);
    dup2 = function(linker, library, "dup2", number, number, number);
    close = function(linker, library, "close", number, number);
    read = function(linker, library, "read", size, number, address, size);
    write = function(linker, library, "write", size, number, address, size);
  }

  static Descriptors ofTheProcess() {
    Linker linker = Linker.nativeLinker();
    return new Descriptors(linker, linker.defaultLookup());
  }

  @SuppressWarnings("restricted") // the native access that every service is started with
  private static MethodHandle function(
      Linker linker,
      SymbolLookup library,
      String name,
      MemoryLayout result,
      MemoryLayout... arguments) {
    return linker.downcallHandle(
        library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  Pipe pipe() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
      var _ = call("pipe", () -> (int) pipe.invokeExact(ends));
      return new Pipe(
          ends.getAtIndex(ValueLayout.JAVA_INT, 0), ends.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }

  /** Another descriptor for the same. */
  int duplicate(int descriptor) throws IOException {
    return (int) call("dup", () -> (int) dup.invokeExact(descriptor));
  }

  /** Makes a descriptor stand for what another stands for. */
  void replace(int descriptor, int by) throws IOException {
    var _ = call("dup2", () -> (int) dup2.invokeExact(by, descriptor));
  }

  void close(int descriptor) throws IOException {
    var _ = call("close", () -> (int) close.invokeExact(descriptor));
  }

  /** Waits for bytes; 0 at the end. */
  int read(int descriptor, MemorySegment into) throws IOException {
    return (int) call("read", () -> (long) read.invokeExact(descriptor, into, into.byteSize()));
  }

  /** Writes all of it. */
  void write(int descriptor, byte[] bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      for (long written = 0; written < bytes.length; ) {
        MemorySegment rest = all.asSlice(written);
        written += call("write", () -> (long) write.invokeExact(descriptor, rest, rest.byteSize()));
      }
    }
  }

  private interface Call {
    long make() throws Throwable;
  }

  private static long call(String name, Call call) throws IOException {
    long result;
    try {
      result = call.make();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (result < 0) {
      throw new IOException(name + " failed");
    }
    return result;
  }
}
