package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
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

  private static void assertDamaged(byte[] bytes) {
    assertThatThrownBy(() -> ChipFile.decode(bytes)).isInstanceOf(ChipDamagedException.class);
  }
}
