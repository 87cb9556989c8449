package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key of a tenant, as the ledger knows it: without its secret.
 *
 * @param id public
 * @param sha256 digest of the secret, in hex
 * @param expires empty: never
 * @param revoked empty: not
 * @param used roughly when it was used last
 */
public record ApiKey(
    String id,
    String tenant,
    String sha256,
    String displayName,
    Set<Scope> scopes,
    Quota quota,
    Optional<Instant> expires,
    Optional<Instant> revoked,
    Optional<Instant> used,
    Instant created,
    Instant updated) {

  public ApiKey {
    scopes = Set.copyOf(scopes);
  }

  /** Whether it opens anything at that time. */
  public boolean isAlive(Instant now) {
    return revoked.isEmpty() && expires.filter(end -> !now.isBefore(end)).isEmpty();
  }
}
