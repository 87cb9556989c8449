package dev.facet.gateway.ledger;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What there is once for the whole ledger. */
final class FactTable {
  private static final String IDENTITY = "identity";
  private static final String GALLERY = "gallery";
  private static final String ACCESS = "access";

  private FactTable() {}

  static Optional<String> identity(Handle handle) {
    return find(handle, IDENTITY);
  }

  /** Gives the ledger an identity, unless another gateway was first. */
  static String identify(Handle handle) {
    return identity(handle)
        .orElseGet(
            () -> {
              String fresh = UUID.randomUUID().toString();
              var _ = put(handle, IDENTITY, fresh);
              return fresh;
            });
  }

  static Optional<String> gallery(Handle handle) {
    return find(handle, GALLERY);
  }

  static int chooseGallery(Handle handle, String kind) {
    return put(handle, GALLERY, kind);
  }

  /** How often tenants or keys have changed. */
  static long access(Handle handle) {
    return find(handle, ACCESS).map(Long::parseLong).orElse(0L);
  }

  static int raiseAccess(Handle handle) {
    return put(handle, ACCESS, Long.toString(access(handle) + 1));
  }

  private static Optional<String> find(Handle handle, String name) {
    return handle
        .createQuery("SELECT value FROM fact WHERE name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .findFirst();
  }

  private static int put(Handle handle, String name, String value) {
    return handle
        .createUpdate(
            """
            INSERT INTO fact (name, value) VALUES (:name, :value)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value""")
        .bind("name", name)
        .bind("value", value)
        .execute();
  }
}
