package dev.facet.detector.mtcnn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Native memory for the inputs of a network's runs: one buffer for each thread, used again. */
final class InputBuffers {
  private final ThreadLocal<FloatBuffer> buffers = ThreadLocal.withInitial(() -> ofSize(0));

  /** This thread's buffer, empty, for so many numbers; valid until the next call. */
  FloatBuffer take(int size) {
    FloatBuffer buffer = buffers.get();
    if (buffer.capacity() < size) {
      buffer = ofSize(size);
      buffers.set(buffer);
    }
    return buffer.clear().limit(size);
  }

  private static FloatBuffer ofSize(int size) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, size))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
