package dev.facet.detector;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Takes megabytes out of a message without a copy, where they are an array of their own there. */
final class ImageBytes extends ByteOutput {
  private final int size;
  private byte @Nullable [] array;

  private ImageBytes(int size) {
    this.size = size;
  }

  /** All bytes; not to be changed, as they may be the message's. */
  static byte[] of(ByteString data) {
    ImageBytes bytes = new ImageBytes(data.size());
    try {
      UnsafeByteOperations.unsafeWriteTo(data, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] whole = bytes.array;
    return whole == null ? data.toByteArray() : whole;
  }

  @Override
  public void writeLazy(byte[] value, int offset, int length) {
    if (offset == 0 && length == size && value.length == size) {
      array = value;
    }
  }

  @Override
  public void write(byte value) {}

  @Override
  public void write(byte[] value, int offset, int length) {}

  @Override
  public void write(ByteBuffer value) {}

  @Override
  public void writeLazy(ByteBuffer value) {}
}
