package dev.facet.gateway.access;

import dev.facet.gateway.ledger.NewApiKey;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import dev.facet.gateway.ledger.Tenants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;

/** The operator's first key, by which all others are made. */
public final class FirstKey {
  private FirstKey() {}

  /**
   * Takes the key in the file, where the ledger holds no living operator's key; one that was there
   * before, and was revoked, is not taken again.
   *
   * @throws NoKeyException when there is no operator's key then
   */
  public static void ensure(Tenants tenants, Optional<Path> file) {
    if (tenants.hasAdministrator(Caller.OPERATOR)) {
      return;
    }
    Path path =
        file.orElseThrow(
            () ->
                new NoKeyException(
                    "the ledger holds no operator's key; set access.initial-key-file"));
    KeySecret secret =
        KeySecret.parse(read(path))
            .orElseThrow(
                () ->
                    new NoKeyException(
                        path + " holds no key; 'facet admin keys generate' makes one"));
    boolean stored =
        tenants.createFirstKey(
            new NewApiKey(
                secret.id(),
                Caller.OPERATOR,
                secret.sha256(),
                "first key",
                EnumSet.allOf(Scope.class),
                Quota.NONE,
                Optional.empty()));
    if (!stored && !tenants.hasAdministrator(Caller.OPERATOR)) {
      throw new NoKeyException(
          "the key in %s was revoked, and the ledger holds no other operator's key; put a fresh one there"
              .formatted(path));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new NoKeyException("access.initial-key-file cannot be read: " + file);
    }
  }
}
