package dev.facet.gateway.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tenants and their keys, in the ledger. Every method may throw {@link LedgerException}. */
public interface Tenants {

  /**
   * Creates a tenant that holds nothing.
   *
   * @throws LedgerRefusal INVALID_ID, TENANT_EXISTS
   */
  Tenant create(String id, String displayName);

  /** Tenants with an id greater than the given one ("" at first), by id. */
  List<Tenant> list(String afterId, int limit);

  /**
   * Deletes a tenant with its collections, keys and long jobs.
   *
   * @throws LedgerRefusal TENANT_NOT_FOUND
   */
  Deletion delete(String id);

  /**
   * Stores a key.
   *
   * @throws LedgerRefusal TENANT_NOT_FOUND
   */
  ApiKey createKey(NewApiKey key);

  /**
   * Stores the operator's first key, where the ledger holds no living one with the scope {@link
   * Scope#ADMIN} and has never known this one.
   *
   * @return whether it was stored
   */
  boolean createFirstKey(NewApiKey key);

  /** Whether a key of this tenant with the scope {@link Scope#ADMIN} is alive. */
  boolean hasAdministrator(String tenant);

  Optional<ApiKey> key(String tenant, String id);

  /**
   * All keys of a tenant, dead ones with them, by id.
   *
   * @throws LedgerRefusal TENANT_NOT_FOUND
   */
  List<ApiKey> keys(String tenant);

  /**
   * Stores a key in the place of another, which lives on for a while, and never longer than it
   * would.
   *
   * @return the old key, as it is now
   * @throws LedgerRefusal API_KEY_NOT_FOUND, also for one that has ended
   */
  ApiKey replaceKey(String tenant, String id, NewApiKey by, Duration overlap);

  /**
   * Ends a key; repeating it changes nothing.
   *
   * @throws LedgerRefusal API_KEY_NOT_FOUND
   */
  ApiKey revokeKey(String tenant, String id);

  /** Keys that are neither revoked nor expired, of all tenants. */
  List<ApiKey> livingKeys();

  /** Changes with every change of a tenant or a key but its last use. */
  long revision();

  /** Notes when keys were used; earlier times than those known are ignored. */
  void used(Map<String, Instant> times);
}
