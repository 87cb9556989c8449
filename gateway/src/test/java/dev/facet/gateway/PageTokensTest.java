package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bootstrap.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokensTest {
  private final PageTokens tokens = new PageTokens("faces 7");

  @Test
  void tokenCarriesThePosition() {
    assertThat(tokens.position(tokens.after("ada"))).isEqualTo("ada");
    assertThat(tokens.number(tokens.after("42"))).isEqualTo(42);
  }

  @Test
  void emptyTokenIsTheBeginning() {
    assertThat(tokens.position("")).isEmpty();
    assertThat(tokens.number("")).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "garbage", "====", "%", "YWJj", "\u00e4"})
  void anythingElseIsRefused(String token) {
    assertThatThrownBy(() -> tokens.position(token)).isInstanceOf(Refusal.class);
  }

  @Test
  void tokenOfAnotherListingIsRefused() {
    String other = new PageTokens("faces 8").after("ada");
    assertThatThrownBy(() -> tokens.position(other)).isInstanceOf(Refusal.class);
  }

  @Test
  void textIsNoNumber() {
    String token = tokens.after("ada");
    assertThatThrownBy(() -> tokens.number(token)).isInstanceOf(Refusal.class);
  }
}
