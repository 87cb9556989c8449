package dev.facet.gateway.ledger;

import java.util.regex.Pattern;

/** The alphabet of ids: 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}. */
public final class Ids {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private Ids() {}

  /**
   * The id itself.
   *
   * @param field named in the refusal
   * @throws LedgerRefusal INVALID_ID
   */
  public static String check(String field, String id) {
    if (!ID.matcher(id).matches()) {
      throw new LedgerRefusal(
          LedgerRefusal.Reason.INVALID_ID,
          field + " must have 1 to 64 characters of A-Z a-z 0-9 . _ -");
    }
    return id;
  }
}
