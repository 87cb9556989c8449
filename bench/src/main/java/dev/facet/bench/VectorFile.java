package dev.facet.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Vectors in a mapped file, row by row: no part of the heap, and no part of the process once it is
 * closed, so that what a gallery takes can be seen. Any thread may read; threads may write rows of
 * their own.
 *
 * @param rows how many
 */
record VectorFile(int rows, Arena arena, MemorySegment memory) implements AutoCloseable {

  private static final int DIMENSION = FaceFactors.DIMENSION;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Opens the file for so many rows, and makes it where it is not there. */
  static VectorFile open(Path file, int rows) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long bytes = (long) rows * DIMENSION * Float.BYTES;
      return new VectorFile(rows, arena, channel.map(MapMode.READ_WRITE, 0, bytes, arena));
    } catch (IOException e) {
      arena.close();
      throw BenchFailure.file(file, e);
    }
  }

  /** Copies rows to the array. */
  void read(int row, int count, float[] into) {
    MemorySegment.copy(memory, FLOAT, place(row), into, 0, count * DIMENSION);
  }

  float[] row(int row) {
    float[] values = new float[DIMENSION];
    read(row, 1, values);
    return values;
  }

  /** Copies the array's first rows to the file. */
  void write(int row, int count, float[] from) {
    MemorySegment.copy(from, 0, memory, FLOAT, place(row), count * DIMENSION);
  }

  private static long place(int row) {
    return (long) row * DIMENSION * Float.BYTES;
  }

  @Override
  public void close() {
    arena.close();
  }
}
