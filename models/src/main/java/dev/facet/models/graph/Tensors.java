package dev.facet.models.graph;

import com.google.protobuf.ByteString;
import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** ONNX's way to write numbers down: constants and attributes. */
final class Tensors {

  static final int FLOAT = 1;
  static final int UINT8 = 2;
  static final int INT8 = 3;
  static final int INT32 = 6;
  static final int INT64 = 7;
  static final int FLOAT16 = 10;

  private static final int DOUBLE = 11;
  private static final int BFLOAT16 = 16;

  // AttributeProto.AttributeType
  private static final int FLOAT_ATTRIBUTE = 1;
  private static final int INT_ATTRIBUTE = 2;
  private static final int INTS_ATTRIBUTE = 7;

  private Tensors() {}

  static TensorProto floats(String name, List<Double> values, long... dims) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
    for (long dim : dims) {
      tensor.addDims(dim);
    }
    values.forEach(value -> tensor.addFloatData(value.floatValue()));
    return tensor.build();
  }

  /** A constant as a run of bytes, which takes no more memory than its numbers do. */
  static TensorProto raw(String name, float[] values, int... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(FLOAT);
    for (int dim : dims) {
      tensor.addDims(dim);
    }
    return tensor.setRawData(ByteString.copyFrom(bytes)).build();
  }

  /**
   * The elements of a FLOAT tensor.
   *
   * @throws GraphException if the data does not fill the dimensions
   */
  static float[] floats(TensorProto tensor) {
    float[] values;
    if (tensor.hasRawData()) {
      ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      values = new float[raw.remaining() / Float.BYTES];
      raw.asFloatBuffer().get(values);
    } else {
      values = new float[tensor.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getFloatData(i);
      }
    }
    long size = 1;
    for (long dim : tensor.getDimsList()) {
      size *= Math.clamp(dim, 0, Integer.MAX_VALUE);
      size = Math.min(size, Integer.MAX_VALUE);
    }
    if (size != values.length) {
      throw new GraphException(
          "'%s' has another size than its dimensions".formatted(tensor.getName()));
    }
    return values;
  }

  static TensorProto halves(String name, List<Long> dims, short[] halves) {
    ByteBuffer raw =
        ByteBuffer.allocate(halves.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asShortBuffer().put(halves);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(FLOAT16)
        .addAllDims(dims)
        .setRawData(ByteString.copyFrom(raw))
        .build();
  }

  /** A single number of 0 to 255. */
  static TensorProto uint8(String name, int value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(UINT8)
        .setRawData(ByteString.copyFrom(new byte[] {(byte) value}))
        .build();
  }

  static TensorProto int8(String name, List<Long> dims, byte[] values) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT8)
        .addAllDims(dims)
        .setRawData(ByteString.copyFrom(values))
        .build();
  }

  static TensorProto int32(String name, int[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asIntBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT32)
        .addDims(values.length)
        .setRawData(ByteString.copyFrom(raw))
        .build();
  }

  static boolean isFloatOtherThanSingle(long type) {
    return type == FLOAT16 || type == DOUBLE || type == BFLOAT16;
  }

  static TensorProto longs(String name, List<Long> values) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT64)
        .addDims(values.size())
        .addAllInt64Data(values)
        .build();
  }

  /** The elements of an INT64 tensor. */
  static List<Long> longs(TensorProto tensor) {
    if (!tensor.hasRawData()) {
      return tensor.getInt64DataList();
    }
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    Long[] values = new Long[raw.remaining() / Long.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = raw.getLong();
    }
    return List.of(values);
  }

  static AttributeProto real(String name, float value) {
    return AttributeProto.newBuilder().setName(name).setType(FLOAT_ATTRIBUTE).setF(value).build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(INT_ATTRIBUTE).setI(value).build();
  }

  static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(INTS_ATTRIBUTE)
        .addAllInts(Arrays.stream(values).boxed().toList())
        .build();
  }

  /**
   * Convolution weights [M,3,kh,kw] with the first and the third input channel exchanged.
   *
   * @throws GraphException if the data does not fill the dimensions
   */
  static TensorProto withExchangedColours(TensorProto weights) {
    int stored = weights.hasRawData() ? weights.getRawData().size() : weights.getFloatDataCount();
    long planes = weights.getDims(0) * 3;
    if (stored == 0 || planes <= 0 || stored % planes != 0) {
      throw new GraphException(
          "weights '%s' have another size than their dimensions".formatted(weights.getName()));
    }
    int plane = Math.toIntExact(stored / planes);
    TensorProto.Builder exchanged = weights.toBuilder();
    if (weights.hasRawData()) {
      byte[] raw = new byte[stored];
      for (int i = 0; i < stored; i++) {
        raw[i] = weights.getRawData().byteAt(exchange(i, plane));
      }
      return exchanged.setRawData(ByteString.copyFrom(raw)).build();
    }
    for (int i = 0; i < stored; i++) {
      exchanged.setFloatData(i, weights.getFloatData(exchange(i, plane)));
    }
    return exchanged.build();
  }

  /** Where the element of the exchanged channel stands. */
  private static int exchange(int index, int plane) {
    int channel = index / plane % 3;
    return index + (2 - 2 * channel) * plane;
  }
}
