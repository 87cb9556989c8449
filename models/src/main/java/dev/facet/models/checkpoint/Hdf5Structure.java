package dev.facet.models.checkpoint;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks over an HDF5 file before jHDF reads it, and refuses what could make jHDF take memory or
 * time without end.
 *
 * <p>jHDF trusts what it reads. It follows a tree's node that is its own child until the stack
 * ends, reads a header as often as links lead to it (65,535 entries with one target each, level
 * upon level), and sizes lists by counts in the file. This walk reads no more than addresses and
 * counts, visits the very structures that jHDF will, and holds them to one rule: every block is
 * reached by one way only, and there are few. Then jHDF's work is bounded by the file.
 *
 * <p>Walked are the structures that Keras' files consist of: groups with symbol tables or with
 * links in their header, contiguous or compact datasets, headers of version 1 and 2. Others (links
 * in a heap, chunks, shared messages, soft and external links) are refused by name. Field offsets
 * are those of the HDF5 file format specification, version 3.0.
 */
final class Hdf5Structure {

  private static final int MOST_BLOCKS = 100_000;
  private static final int MOST_MESSAGES = 400_000;
  private static final int DEEPEST_GROUP = 16;
  private static final int DEEPEST_TREE = 8;
  private static final int LONGEST_NAME = 1024;

  private static final int LINK_INFO = 0x02;
  private static final int LINK = 0x06;
  private static final int LAYOUT = 0x08;
  private static final int ATTRIBUTE = 0x0c;
  private static final int CONTINUATION = 0x10;
  private static final int SYMBOL_TABLE = 0x11;
  private static final int ATTRIBUTE_INFO = 0x15;

  private static final int SHARED = 1 << 1;
  private static final int NONE_SHARED = 0;
  private static final int CHUNKED = 2;
  private static final long UNDEFINED = -1;

  private final ByteBuffer file;
  private final Set<Long> blocks = new HashSet<>();
  private int messages;

  private Hdf5Structure(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Walks over a file.
   *
   * @param file little-endian, from its first byte
   * @throws CheckpointException if a structure is none that is read, or is reached twice
   * @throws IndexOutOfBoundsException if one reaches beyond the end
   */
  static void check(ByteBuffer file) {
    Hdf5Structure walk = new Hdf5Structure(file);
    int version = file.get(8);
    boolean old = version == 0;
    require(old || version == 2 || version == 3, "a superblock of version " + version);
    require(
        file.get(old ? 13 : 9) == 8 && file.get(old ? 14 : 10) == 8, "addresses not of 8 bytes");
    require(file.getLong(old ? 24 : 12) == 0, "a base address other than 0");
    long end = file.getLong(old ? 40 : 28);
    require(end <= file.capacity(), "cut short: %,d bytes of %,d".formatted(file.capacity(), end));
    walk.object(file.getLong(old ? 64 : 36), 0);
  }

  /** A group or dataset, by the address of its header. */
  private void object(long address, int depth) {
    require(depth <= DEEPEST_GROUP, "groups nested deeper than " + DEEPEST_GROUP);
    int at = block(address);
    if (file.get(at) == 1) {
      int count = Short.toUnsignedInt(file.getShort(at + 2));
      oldMessages(at + 16, file.getInt(at + 8), new int[] {count}, depth);
    } else {
      signature(at, "OHDR");
      int flags = file.get(at + 5);
      int sizeAt = at + 6 + ((flags & 1 << 5) != 0 ? 16 : 0) + ((flags & 1 << 4) != 0 ? 4 : 0);
      int sizeBytes = 1 << (flags & 3);
      newMessages(sizeAt + sizeBytes, number(sizeAt, sizeBytes), (flags & 1 << 2) != 0, depth);
    }
  }

  /** Messages of a header of version 1, each at a multiple of eight; counts those left. */
  private void oldMessages(int start, long length, int[] left, int depth) {
    int end = end(start, length);
    int at = start;
    while (end - at > 4 && left[0] > 0) {
      int type = Short.toUnsignedInt(file.getShort(at));
      int size = Short.toUnsignedInt(file.getShort(at + 2));
      left[0]--;
      message(type, file.get(at + 4), at + 8, end(at + 8, size), depth);
      if (type == CONTINUATION) {
        oldMessages(block(file.getLong(at + 8)), file.getLong(at + 16), left, depth);
      }
      at += 8 + (size + 7) / 8 * 8;
    }
  }

  /** Messages of a header of version 2, one upon the other. */
  private void newMessages(int start, long length, boolean ordered, int depth) {
    int end = end(start, length);
    int at = start;
    while (end - at >= 8) {
      int type = Byte.toUnsignedInt(file.get(at));
      int size = Short.toUnsignedInt(file.getShort(at + 1));
      int data = at + 4 + (ordered ? 2 : 0);
      message(type, file.get(at + 3), data, end(data, size), depth);
      if (type == CONTINUATION) {
        int next = block(file.getLong(data));
        signature(next, "OCHK");
        newMessages(next + 4, file.getLong(data + 8) - 4, ordered, depth);
      }
      at = data + size;
    }
  }

  private void message(int type, int flags, int at, int end, int depth) {
    messages++;
    require(messages <= MOST_MESSAGES, "more than %,d header messages".formatted(MOST_MESSAGES));
    require((flags & SHARED) == 0, "shared header messages");
    switch (type) {
      case SYMBOL_TABLE -> {
        int heap = block(file.getLong(at + 8));
        signature(heap, "HEAP");
        tree(
            file.getLong(at), new Names(file.getLong(heap + 24), file.getLong(heap + 8)), depth, 0);
      }
      case LINK -> link(at, end, depth);
      case LINK_INFO, ATTRIBUTE_INFO -> {
        boolean tracked = (file.get(at + 1) & 1) != 0;
        int heap = at + 2 + (tracked ? (type == LINK_INFO ? 8 : 2) : 0);
        require(
            file.getLong(heap) == UNDEFINED && file.getLong(heap + 8) == UNDEFINED,
            "links or attributes in a heap, as HDF5 writes them with libver='latest'");
      }
      case LAYOUT -> {
        int version = file.get(at);
        require(version == 3 || version == 4, "a data layout of version " + version);
        require(file.get(at + 1) < CHUNKED, "a dataset in chunks; Keras writes contiguous ones");
      }
      case ATTRIBUTE ->
          require(file.get(at) == 1 || file.get(at + 1) == NONE_SHARED, "shared attribute types");
      default -> {}
    }
  }

  /** A link in a header: flags say which fields there are before the name. */
  private void link(int at, int end, int depth) {
    int flags = file.get(at + 1);
    int next = at + 2;
    if ((flags & 1 << 3) != 0) {
      require(file.get(next) == 0, "a link to another place than an object of the file");
      next++;
    }
    next += ((flags & 1 << 2) != 0 ? 8 : 0) + ((flags & 1 << 4) != 0 ? 1 : 0);
    int lengthBytes = 1 << (flags & 3);
    long length = number(next, lengthBytes);
    require(
        length >= 0 && length <= LONGEST_NAME && next + length < end, "a name that is too long");
    object(file.getLong(next + lengthBytes + (int) length), depth + 1);
  }

  /** A node of a group's tree. */
  private void tree(long address, Names names, int depth, int level) {
    require(level <= DEEPEST_TREE, "a tree deeper than " + DEEPEST_TREE);
    int at = block(address);
    signature(at, "TREE");
    boolean leaf = file.get(at + 5) == 0;
    int entries = Short.toUnsignedInt(file.getShort(at + 6));
    for (int i = 0; i < entries; i++) {
      long child = file.getLong(at + 32 + 16 * i);
      if (leaf) {
        symbols(child, names, depth);
      } else {
        tree(child, names, depth, level + 1);
      }
    }
  }

  private void symbols(long address, Names names, int depth) {
    int at = block(address);
    signature(at, "SNOD");
    int entries = Short.toUnsignedInt(file.getShort(at + 6));
    for (int i = 0; i < entries; i++) {
      int entry = at + 8 + 40 * i;
      require(file.getInt(entry + 16) < 2, "a link to another place than an object of the file");
      name(names, file.getInt(entry));
      object(file.getLong(entry + 8), depth + 1);
    }
  }

  private void name(Names names, int offset) {
    require(offset >= 0 && offset < names.length(), "a name outside its heap");
    int start = Math.toIntExact(Math.addExact(names.address(), offset));
    int length = 0;
    while (file.get(start + length) != 0) {
      length++;
      require(length <= LONGEST_NAME, "a name that is too long");
    }
  }

  /** Where a block begins that was not visited yet. */
  private int block(long address) {
    require(blocks.add(address), "two ways to one block");
    require(blocks.size() <= MOST_BLOCKS, "more than %,d blocks".formatted(MOST_BLOCKS));
    return Math.toIntExact(address);
  }

  private int end(int start, long length) {
    require(
        start >= 0 && length >= 0 && length <= file.capacity() - start,
        "a header block of %,d bytes at %,d".formatted(length, start));
    return start + (int) length;
  }

  private long number(int at, int bytes) {
    return switch (bytes) {
      case 1 -> Byte.toUnsignedInt(file.get(at));
      case 2 -> Short.toUnsignedInt(file.getShort(at));
      case 4 -> Integer.toUnsignedLong(file.getInt(at));
      default -> file.getLong(at);
    };
  }

  private void signature(int at, String signature) {
    for (int i = 0; i < signature.length(); i++) {
      require(file.get(at + i) == signature.charAt(i), "no %s at %,d".formatted(signature, at));
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new CheckpointException(otherwise);
    }
  }

  /** The part of the file that holds a group's names. */
  private record Names(long address, long length) {}
}
