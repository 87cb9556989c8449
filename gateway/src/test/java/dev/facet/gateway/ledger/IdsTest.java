package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  static List<String> allowed() {
    return List.of(
        "a",
        "..",
        "-",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._",
        "x".repeat(64));
  }

  @ParameterizedTest
  @MethodSource("allowed")
  void alphabetIsAllowed(String id) {
    assertThat(Ids.check("face_id", id)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a/b", "a\\b", "a'b", "a\"b", "a%b", "\u00e9", "a\n", "a~b"})
  void anythingElseIsRefused(String id) {
    assertRefused(id);
  }

  @Test
  void tooLongIsRefused() {
    assertRefused("x".repeat(65));
  }

  private static void assertRefused(String id) {
    assertThatThrownBy(() -> Ids.check("face_id", id))
        .isInstanceOf(LedgerRefusal.class)
        .hasMessageStartingWith("face_id must");
  }
}
