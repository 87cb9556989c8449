package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ChipFileTest {
  private final byte[] whole = ChipFile.encode(chip("a"));

  @Test
  void everyTornFileIsNoticed() {
    for (int length = 0; length < whole.length; length++) {
      assertDamaged(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void everyChangedByteIsNoticed() {
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      assertDamaged(changed);
    }
  }

  @Test
  void wholeFileIsRead() {
    assertThat(Chips.equal(ChipFile.decode(whole), chip("a"))).isTrue();
  }

  /** As archives hold it that were begun before faces were found at angles. */
  @Test
  void chipWithoutAnAngleIsOfAnUprightFace() {
    int angle = whole.length - 3 * Integer.BYTES - chip("a").image().length;
    ByteBuffer first = ByteBuffer.allocate(whole.length - Float.BYTES);
    first.put(whole, 0, angle);
    first.put(whole, angle + Float.BYTES, first.remaining() - Integer.BYTES);
    first.put(Integer.BYTES, (byte) 1);
    CRC32C crc = new CRC32C();
    crc.update(first.array(), 0, first.position());
    first.putInt((int) crc.getValue());

    Chip read = ChipFile.decode(first.array());

    assertThat(read.angle()).isZero();
    assertThat(read.image()).isEqualTo(chip("a").image());
    assertThat(read.landmarks()).isEqualTo(chip("a").landmarks());
  }

  private static void assertDamaged(byte[] bytes) {
    assertThatThrownBy(() -> ChipFile.decode(bytes)).isInstanceOf(ChipDamagedException.class);
  }
}
