package dev.facet.models.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes pickles instruction by instruction, as PyTorch does or as nobody should. */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleWriter() {
    raw(0x80, 2);
  }

  PickleWriter raw(int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
    return this;
  }

  PickleWriter global(String module, String name) {
    raw('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(UTF_8));
    return this;
  }

  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    raw('X');
    out.writeBytes(little(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    raw(0x8a, bytes.length);
    for (int i = bytes.length - 1; i >= 0; i--) {
      raw(bytes[i]);
    }
    return this;
  }

  PickleWriter number(long number) {
    return number(BigInteger.valueOf(number));
  }

  PickleWriter real(double number) {
    raw('G');
    out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
    return this;
  }

  PickleWriter numbers(long... numbers) {
    raw('(');
    for (long number : numbers) {
      number(number);
    }
    return raw('t');
  }

  PickleWriter put(int memo) {
    return raw('q', memo);
  }

  PickleWriter get(int memo) {
    return raw('h', memo);
  }

  PickleWriter emptyOrderedDictionary() {
    return global("collections", "OrderedDict").raw(')', 'R');
  }

  /** A tensor, with the arguments of {@code _rebuild_tensor_v2}. */
  PickleWriter tensor(
      String type, String key, long elements, long offset, long[] shape, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .raw('(')
        .storage(type, key, elements)
        .number(offset)
        .numbers(shape)
        .numbers(strides)
        .raw(0x89)
        .emptyOrderedDictionary()
        .raw('t', 'R');
  }

  PickleWriter vector(String type, String key, long elements) {
    return tensor(type, key, elements, 0, new long[] {elements}, new long[] {1});
  }

  PickleWriter storage(String type, String key, long elements) {
    return raw('(')
        .text("storage")
        .global("torch", type)
        .text(key)
        .text("cpu")
        .number(elements)
        .raw('t', 'Q');
  }

  byte[] stop() {
    raw('.');
    return out.toByteArray();
  }

  static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
