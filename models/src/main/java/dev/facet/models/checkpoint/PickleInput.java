package dev.facet.models.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of pickles, taken apart into the arguments of their instructions. */
final class PickleInput {

  private static final int LONGEST_LINE = 256;
  private static final int LONGEST_INTEGER = 32;

  private final InputStream in;
  private final Budget budget;
  private long position;

  /**
   * @param in should be buffered
   * @param budget pays for strings
   */
  PickleInput(InputStream in, Budget budget) {
    this.in = in;
    this.budget = budget;
  }

  /** How many bytes were read so far. */
  long position() {
    return position;
  }

  int unsignedByte() throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new EOFException("the pickle ends early, at byte " + position);
    }
    position++;
    return read;
  }

  int unsignedShort() throws IOException {
    return Short.toUnsignedInt(number(Short.BYTES).getShort());
  }

  int signedInt() throws IOException {
    return number(Integer.BYTES).getInt();
  }

  long unsignedInt() throws IOException {
    return Integer.toUnsignedLong(signedInt());
  }

  long signedLong() throws IOException {
    return number(Long.BYTES).getLong();
  }

  /** The one number that pickle stores with its highest byte first. */
  double bigEndianDouble() throws IOException {
    return number(Double.BYTES).order(ByteOrder.BIG_ENDIAN).getDouble();
  }

  /** A two's complement integer of any length, its lowest byte first. */
  BigInteger integer(int length) throws IOException {
    if (length > LONGEST_INTEGER) {
      throw new CheckpointException("an integer of %d bytes".formatted(length));
    }
    byte[] bytes = new byte[length + 1];
    for (int i = length; i >= 1; i--) {
      bytes[i] = (byte) unsignedByte();
    }
    bytes[0] = (byte) (length > 0 && bytes[1] < 0 ? -1 : 0);
    return new BigInteger(bytes);
  }

  String text(long length) throws IOException {
    byte[] bytes = budget.bytes(length, "a string");
    if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
      throw new EOFException("the pickle ends early, within a string");
    }
    position += length;
    return new String(bytes, UTF_8);
  }

  /** Text up to a line feed, which is dropped. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = unsignedByte(); next != '\n'; next = unsignedByte()) {
      if (line.size() == LONGEST_LINE) {
        throw new CheckpointException("a name of more than %d bytes".formatted(LONGEST_LINE));
      }
      line.write(next);
    }
    return line.toString(UTF_8);
  }

  private ByteBuffer number(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the pickle ends early, at byte " + position);
    }
    position += length;
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
