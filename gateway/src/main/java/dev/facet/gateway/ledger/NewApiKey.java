package dev.facet.gateway.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key that is to be stored.
 *
 * @param sha256 digest of the secret, in hex
 * @param expires empty: never
 */
public record NewApiKey(
    String id,
    String tenant,
    String sha256,
    String displayName,
    Set<Scope> scopes,
    Quota quota,
    Optional<Instant> expires) {

  public NewApiKey {
    scopes = Set.copyOf(scopes);
  }
}
