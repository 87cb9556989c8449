package dev.facet.gateway.gallery.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keys and codes of a shelf in a file, little-endian: a head, the mean, the blocks, each part
 * followed by a checksum of everything so far.
 */
final class FacesFile {
  private static final long MAGIC = 0x31304e4143534654L; // TFSCAN01

  private FacesFile() {}

  static void write(Path file, int dimension, View view) throws IOException {
    try (Part part = new Part(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      float[] mean = view.mean();
      part.buffer(2 * Long.BYTES + Integer.BYTES);
      part.bytes.putLong(MAGIC).putInt(dimension).putInt(view.count()).putInt(mean == null ? 0 : 1);
      part.write();
      if (mean != null) {
        part.buffer(dimension * Float.BYTES);
        put(part.bytes, mean);
        part.write();
      }
      for (int i = 0; i < view.usedBlocks(); i++) {
        Block block = view.blocks()[i];
        part.buffer(blockBytes(block.codes()));
        part.bytes.asLongBuffer().put(block.keys());
        part.bytes.position(part.bytes.position() + Block.FACES * Long.BYTES);
        if (block.codes() != null) {
          put(part.bytes, block.codes());
        }
        part.write();
      }
      part.channel.force(true);
    }
  }

  /**
   * The view that was written.
   *
   * @throws IOException when the file is not as it was written
   */
  static View read(Path file, int dimension, MappedVectors vectors) throws IOException {
    try (Part part = new Part(file, StandardOpenOption.READ)) {
      part.buffer(2 * Long.BYTES + Integer.BYTES);
      part.read();
      if (part.bytes.getLong() != MAGIC || part.bytes.getInt() != dimension) {
        throw new IOException("not the faces of such a shelf");
      }
      int count = part.bytes.getInt();
      float[] mean = null;
      if (part.bytes.getInt() == 1) {
        mean = new float[dimension];
        part.buffer(dimension * Float.BYTES);
        part.read();
        get(part.bytes, mean);
      }
      Block[] blocks = new Block[Math.ceilDiv(count, Block.FACES)];
      vectors.requireThere(count);
      for (int i = 0; i < blocks.length; i++) {
        Codes codes = mean == null ? null : Codes.empty(dimension);
        part.buffer(blockBytes(codes));
        part.read();
        long[] keys = new long[Block.FACES];
        part.bytes.asLongBuffer().get(keys);
        part.bytes.position(part.bytes.position() + Block.FACES * Long.BYTES);
        if (codes != null) {
          get(part.bytes, codes);
        }
        int faces = Math.min(Block.FACES, count - i * Block.FACES);
        blocks[i] = new Block(keys, vectors.block(i, faces), codes);
      }
      forgetBeyond(count, blocks);
      return new View(blocks, count, mean);
    }
  }

  /** What was written to the last block after the view was taken is not the view's. */
  private static void forgetBeyond(int count, Block[] blocks) {
    for (int slot = count; slot < blocks.length * Block.FACES; slot++) {
      Block block = blocks[slot / Block.FACES];
      block.keys()[slot % Block.FACES] = 0;
      if (block.codes() != null) {
        block.codes().erase(slot % Block.FACES);
      }
    }
  }

  private static int blockBytes(@Nullable Codes codes) {
    int keys = Block.FACES * Long.BYTES;
    return codes == null
        ? keys
        : keys
            + codes.high().length * Integer.BYTES
            + codes.low().length * Long.BYTES
            + (4 + Codes.FINE) * Block.FACES * Float.BYTES;
  }

  private static void put(ByteBuffer bytes, Codes codes) {
    bytes.asIntBuffer().put(codes.high());
    bytes.position(bytes.position() + codes.high().length * Integer.BYTES);
    bytes.asLongBuffer().put(codes.low());
    bytes.position(bytes.position() + codes.low().length * Long.BYTES);
    for (float[] numbers : codes.numbers()) {
      put(bytes, numbers);
    }
  }

  private static void get(ByteBuffer bytes, Codes codes) {
    bytes.asIntBuffer().get(codes.high());
    bytes.position(bytes.position() + codes.high().length * Integer.BYTES);
    bytes.asLongBuffer().get(codes.low());
    bytes.position(bytes.position() + codes.low().length * Long.BYTES);
    for (float[] numbers : codes.numbers()) {
      get(bytes, numbers);
    }
  }

  private static void put(ByteBuffer bytes, float[] values) {
    bytes.asFloatBuffer().put(values);
    bytes.position(bytes.position() + values.length * Float.BYTES);
  }

  private static void get(ByteBuffer bytes, float[] values) {
    bytes.asFloatBuffer().get(values);
    bytes.position(bytes.position() + values.length * Float.BYTES);
  }

  /** One part after the other, through one buffer. */
  private static final class Part implements AutoCloseable {
    final FileChannel channel;
    private final CRC32C checksum = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(0);

    Part(Path file, StandardOpenOption... options) throws IOException {
      channel = FileChannel.open(file, options);
    }

    /** An empty buffer for a part of this size. */
    void buffer(int size) {
      int whole = size + Integer.BYTES;
      if (bytes.capacity() != whole) {
        bytes = ByteBuffer.allocate(whole).order(ByteOrder.LITTLE_ENDIAN);
      }
      bytes.clear();
    }

    void write() throws IOException {
      checksum.update(bytes.array(), 0, bytes.position());
      bytes.putInt((int) checksum.getValue()).flip();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    void read() throws IOException {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new IOException("the file ends too soon");
        }
      }
      int size = bytes.capacity() - Integer.BYTES;
      checksum.update(bytes.array(), 0, size);
      if (bytes.getInt(size) != (int) checksum.getValue()) {
        throw new IOException("the checksum is wrong");
      }
      bytes.flip().limit(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
