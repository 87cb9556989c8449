package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitVectorTest {

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void valueThatIsNotFiniteIsRefused(float value) {
    assertRefused(Reason.VECTOR_NOT_FINITE, 1, value);
  }

  @Test
  void lengthOtherThanOneIsRefused() {
    assertRefused(Reason.VECTOR_NOT_UNIT);
    assertRefused(Reason.VECTOR_NOT_UNIT, 0, 0);
    assertRefused(Reason.VECTOR_NOT_UNIT, 1, 0.04f);
    assertRefused(Reason.VECTOR_NOT_UNIT, Float.MAX_VALUE, 0);
    assertThat(UnitVector.of(1, 0.03f).dimension()).isEqualTo(2);
  }

  @Test
  void bytesAreLittleEndianAndComeBack() {
    UnitVector vector = UnitVector.of(0.6f, -0.8f);
    assertThat(vector.bytes()).startsWith(0x9a, 0x99, 0x19, 0x3f);
    assertThat(UnitVector.ofBytes(vector.bytes())).isEqualTo(vector);
  }

  @Test
  void distanceIsSquared() {
    assertThat(UnitVector.of(1, 0).squaredDistance(UnitVector.of(0, 1))).isEqualTo(2);
    assertThat(UnitVector.of(1, 0).squaredDistance(UnitVector.of(-1, 0))).isEqualTo(4);
  }

  private static void assertRefused(Reason reason, float... values) {
    assertThatThrownBy(() -> UnitVector.of(values))
        .isInstanceOfSatisfying(
            LedgerRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }
}
