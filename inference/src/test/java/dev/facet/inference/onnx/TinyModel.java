package dev.facet.inference.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes ONNX files of a node or two. An ONNX file is one protobuf message; field numbers are those
 * of {@code onnx.proto} (ModelProto: 1 ir_version, 7 graph, 8 opset_import; GraphProto: 1 node, 2
 * name, 5 initializer, 11 input, 12 output).
 */
final class TinyModel {

  static final int FLOAT = 1;
  static final int UINT8 = 2;
  static final int INT64 = 7;

  private final Message graph = new Message().text(2, "tiny");

  TinyModel input(String name, int type, Object... shape) {
    graph.message(11, value(name, type, shape));
    return this;
  }

  TinyModel output(String name, int type, Object... shape) {
    graph.message(12, value(name, type, shape));
    return this;
  }

  /** A constant scalar. */
  TinyModel constant(String name, float value) {
    byte[] raw =
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array();
    graph.message(5, new Message().number(2, FLOAT).text(8, name).bytes(9, raw));
    return this;
  }

  TinyModel node(String operator, String output, String... inputs) {
    graph.message(1, operator(operator, output, inputs));
    return this;
  }

  /** Converts to floats; Cast's attribute {@code to} is an integer (AttributeProto type 2). */
  TinyModel castToFloat(String output, String input) {
    Message to = new Message().text(1, "to").number(3, FLOAT).number(20, 2);
    graph.message(1, operator("Cast", output, input).message(5, to));
    return this;
  }

  Path write(Path directory) {
    Message opset = new Message().text(1, "").number(2, 17);
    Message model = new Message().number(1, 8).message(7, graph).message(8, opset);
    try {
      return Files.write(directory.resolve("tiny.onnx"), model.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Message operator(String operator, String output, String... inputs) {
    Message node = new Message();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(4, operator);
  }

  /** A dimension is a number, or a name if the model takes any length. */
  private static Message value(String name, int type, Object... shape) {
    Message dimensions = new Message();
    for (Object length : shape) {
      dimensions.message(
          1,
          length instanceof Integer number
              ? new Message().number(1, number)
              : new Message().text(2, length.toString()));
    }
    Message tensor = new Message().number(1, type).message(2, dimensions);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A protobuf message in wire format: varints (wire type 0) and byte strings (2). */
  private static final class Message {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      varint((field << 3) | 2);
      varint(value.length);
      out.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.toByteArray());
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }

    private void varint(long value) {
      long rest = value;
      while (rest > 0x7f) {
        out.write((int) ((rest & 0x7f) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }
  }
}
