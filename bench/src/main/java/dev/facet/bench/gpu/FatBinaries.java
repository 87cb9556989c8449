package dev.facet.bench.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The GPU code inside a library, which carries each kernel once for every GPU that it was built
 * for. What a GPU cannot run anyway is overwritten with zeros: every offset stays, the library
 * loads as before, and what is left compresses to a fraction.
 *
 * <p>A section {@code .nv_fatbin} holds fat binaries one behind the other, each a header and its
 * entries. A GPU runs cubins of its own major version up to its own minor version, and PTX of any
 * older one. Headers are left alone, so the driver still sees what is not for it.
 */
final class FatBinaries {

  private static final int MAGIC = 0xBA55ED50;
  private static final int HEADER = 16;
  private static final int PTX = 1;
  private static final int CUBIN = 2;

  /** Of an entry: its kind, the lengths of header and payload, and whom it is for. */
  private static final int KIND = 0;

  private static final int ENTRY_HEADER = 4;
  private static final int PAYLOAD = 8;
  private static final int ARCHITECTURE = 28;

  private final ByteBuffer section;
  private final int architecture;
  private final Map<Integer, Long> kept = new TreeMap<>();
  private final Map<Integer, Long> cleared = new TreeMap<>();

  private FatBinaries(ByteBuffer section, int architecture) {
    this.section = section.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.architecture = architecture;
  }

  /**
   * Bytes by architecture, 90 for sm_90.
   *
   * @param kept empty where the GPU has no code
   */
  record Outcome(Map<Integer, Long> kept, Map<Integer, Long> cleared) {}

  /**
   * Clears what is not for one GPU.
   *
   * @param section is changed in place
   * @param architecture 90 for sm_90
   * @throws IllegalArgumentException if the section is not as described; it may be changed by then
   */
  static Outcome keep(ByteBuffer section, int architecture) {
    FatBinaries binaries = new FatBinaries(section, architecture);
    binaries.walk();
    return new Outcome(Map.copyOf(binaries.kept), Map.copyOf(binaries.cleared));
  }

  private void walk() {
    int at = 0;
    while (at + HEADER <= section.limit()) {
      if (section.getInt(at) == 0) {
        at += Integer.BYTES; // padding
        continue;
      }
      check(section.getInt(at) == MAGIC, "fat binary", at);
      int header = Short.toUnsignedInt(section.getShort(at + 6));
      long size = section.getLong(at + 8);
      check(header >= HEADER && size >= 0 && at + header + size <= section.limit(), "size", at);
      entries(at + header, Math.toIntExact(at + header + size));
      at += header + (int) size;
    }
  }

  private void entries(int from, int to) {
    int at = from;
    while (at < to) {
      check(at + ARCHITECTURE + Integer.BYTES <= to, "entry", at);
      int kind = Short.toUnsignedInt(section.getShort(at + KIND));
      check(kind == PTX || kind == CUBIN, "kind " + kind, at);
      long header = Integer.toUnsignedLong(section.getInt(at + ENTRY_HEADER));
      long payload = section.getLong(at + PAYLOAD);
      check(
          header > ARCHITECTURE && payload >= 0 && at + header + payload <= to, "entry's size", at);
      int builtFor = section.getInt(at + ARCHITECTURE);
      boolean runs = kind == PTX ? builtFor <= architecture : runs(builtFor);
      (runs ? kept : cleared).merge(builtFor, payload, Long::sum);
      if (!runs) {
        section.put(at + (int) header, new byte[(int) payload]);
      }
      at += (int) (header + payload);
    }
  }

  private boolean runs(int builtFor) {
    return builtFor / 10 == architecture / 10 && builtFor <= architecture;
  }

  private static void check(boolean holds, String what, int at) {
    if (!holds) {
      throw new IllegalArgumentException("no %s at %d of the GPU's code".formatted(what, at));
    }
  }
}
