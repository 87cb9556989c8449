package dev.facet.models.checkpoint;

import java.nio.ByteBuffer;

/** How one number of a tensor is stored. */
enum ElementType {
  FLOAT64(8) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.getDouble(index * 8);
    }
  },
  FLOAT32(4) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.getFloat(index * 4);
    }

    @Override
    void read(ByteBuffer bytes, int first, float[] into) {
      bytes.asFloatBuffer().get(first, into);
    }
  },
  FLOAT16(2) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return Float.float16ToFloat(bytes.getShort(index * 2));
    }
  },
  /** The upper half of a float32. */
  BFLOAT16(2) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
    }
  },
  INT64(8) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.getLong(index * 8);
    }
  },
  INT32(4) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.getInt(index * 4);
    }
  },
  INT16(2) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.getShort(index * 2);
    }
  },
  UINT16(2) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return Short.toUnsignedInt(bytes.getShort(index * 2));
    }
  },
  INT8(1) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return bytes.get(index);
    }
  },
  /** Truth values too, as 0 and 1. */
  UINT8(1) {
    @Override
    double at(ByteBuffer bytes, int index) {
      return Byte.toUnsignedInt(bytes.get(index));
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one number. */
  int bytes() {
    return bytes;
  }

  /** The number at an index of a buffer in the file's byte order. */
  abstract double at(ByteBuffer bytes, int index);

  /** Fills an array with the numbers from an index on. */
  void read(ByteBuffer bytes, int first, float[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (float) at(bytes, first + i);
    }
  }
}
