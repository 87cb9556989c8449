package dev.facet.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.facet.bootstrap.Refusal;
import io.grpc.Status;
import java.util.Base64;

/**
 * Page tokens: the position after which the next page begins, bound to the listing it came from, so
 * that a token of another listing is refused rather than misread.
 *
 * @param listing names the listing with all that selects its items
 */
record PageTokens(String listing) {
  private static final char SEPARATOR = '\n';

  /** The token for the page after a position. */
  String after(String position) {
    String content = Integer.toHexString(listing.hashCode()) + SEPARATOR + position;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(UTF_8));
  }

  /** The position in a token; empty for the empty token, which asks for the first page. */
  String position(String token) {
    if (token.isEmpty()) {
      return "";
    }
    try {
      String content = new String(Base64.getUrlDecoder().decode(token), UTF_8);
      int separator = content.indexOf(SEPARATOR);
      String position = content.substring(separator + 1);
      if (after(position).equals(token)) {
        return position;
      }
    } catch (IllegalArgumentException e) {
      // Not even Base64: refused below like any other token that is not ours.
    }
    throw foreign();
  }

  /** The position as a number; 0 for the empty token. */
  long number(String token) {
    String position = position(token);
    try {
      return position.isEmpty() ? 0 : Long.parseLong(position);
    } catch (NumberFormatException e) {
      throw foreign();
    }
  }

  private static Refusal foreign() {
    return Refusal.of(
            Status.Code.INVALID_ARGUMENT,
            "INVALID_PAGE_TOKEN",
            "page_token is not from an answer of this listing")
        .violating("page_token", "is not from an answer of this listing");
  }
}
