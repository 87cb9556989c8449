package dev.facet.gateway.ledger;

/** What a key may do; the names are those of the public {@code Scope}. */
public enum Scope {
  DETECT,
  EMBED,
  SEARCH,
  VERIFY,
  ENROLL,
  DELETE,
  ADMIN
}
