package dev.facet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FatBinariesTest {

  private static final int ENTRY_HEADER = 64;
  private static final int PAYLOAD = 24;

  private static final int PTX = 1;
  private static final int CUBIN = 2;

  @Test
  void onlyWhatTheGpuRunsIsKept() {
    ByteBuffer section =
        section(
            new int[][] {{CUBIN, 80}, {CUBIN, 90}, {CUBIN, 120}},
            new int[][] {{CUBIN, 86}, {CUBIN, 90}});
    FatBinaries.Outcome outcome = FatBinaries.keep(section, 90);
    assertThat(outcome.kept()).isEqualTo(Map.of(90, 2L * PAYLOAD));
    assertThat(outcome.cleared())
        .isEqualTo(Map.of(80, (long) PAYLOAD, 86, (long) PAYLOAD, 120, (long) PAYLOAD));
    assertThat(ones(section)).isEqualTo(2 * PAYLOAD);
  }

  @Test
  void olderMinorVersionsAndOlderPtxRunToo() {
    ByteBuffer section =
        section(new int[][] {{CUBIN, 80}, {CUBIN, 86}, {CUBIN, 89}, {PTX, 75}, {PTX, 90}});
    assertThat(FatBinaries.keep(section, 86).kept())
        .isEqualTo(Map.of(75, (long) PAYLOAD, 80, (long) PAYLOAD, 86, (long) PAYLOAD));
  }

  @Test
  void headersStay() {
    ByteBuffer section = section(new int[][] {{CUBIN, 80}, {CUBIN, 90}});
    FatBinaries.keep(section, 100);
    assertThat(FatBinaries.keep(section, 90).kept()).containsOnlyKeys(90);
  }

  @Test
  void anythingElseIsRefused() {
    ByteBuffer noise = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 7);
    assertThatThrownBy(() -> FatBinaries.keep(noise, 90))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fat binary at 0");
    ByteBuffer unknown = section(new int[][] {{9, 90}});
    assertThatThrownBy(() -> FatBinaries.keep(unknown, 90)).hasMessageContaining("kind 9");
    ByteBuffer cut = section(new int[][] {{CUBIN, 90}});
    cut.putLong(8, 1 << 20);
    assertThatThrownBy(() -> FatBinaries.keep(cut, 90)).hasMessageContaining("size");
  }

  /** Fat binaries of entries, each a kind and an architecture; payloads are ones. */
  private static ByteBuffer section(int[][]... binaries) {
    ByteBuffer section = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    for (int[][] entries : binaries) {
      section.putInt(0xBA55ED50).putShort((short) 1).putShort((short) 16);
      section.putLong((long) entries.length * (ENTRY_HEADER + PAYLOAD));
      for (int[] entry : entries) {
        int at = section.position();
        section.putShort((short) entry[0]).putShort((short) 1).putInt(ENTRY_HEADER);
        section.putLong(PAYLOAD);
        section.putInt(at + 28, entry[1]);
        section.position(at + ENTRY_HEADER);
        for (int i = 0; i < PAYLOAD; i++) {
          section.put((byte) 0x11);
        }
      }
      section.position(section.position() + 8); // padding
    }
    return section.clear();
  }

  private static int ones(ByteBuffer section) {
    int ones = 0;
    for (int i = 0; i < section.limit(); i++) {
      ones += section.get(i) == 0x11 ? 1 : 0;
    }
    return ones;
  }
}
