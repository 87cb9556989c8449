package dev.facet.gateway.access;

import dev.facet.gateway.ledger.Actor;
import dev.facet.gateway.ledger.ApiKey;
import dev.facet.gateway.ledger.Quota;
import dev.facet.gateway.ledger.Scope;
import io.grpc.Context;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the current call, known before any of it is read.
 *
 * @param keyId empty in open mode
 * @param expires when the key does; empty: never
 */
public record Caller(
    String tenant, String keyId, Set<Scope> scopes, Quota quota, Optional<Instant> expires) {
  /** The operator's tenant: its keys with {@link Scope#ADMIN} administer all tenants. */
  public static final String OPERATOR = "default";

  /** Everybody, where no keys are demanded. */
  static final Caller ANYBODY =
      new Caller(OPERATOR, "", EnumSet.allOf(Scope.class), Quota.NONE, Optional.empty());

  private static final Context.Key<Caller> KEY = Context.key("facet.caller");

  public Caller {
    scopes = Set.copyOf(scopes);
  }

  static Caller of(ApiKey key) {
    return new Caller(key.tenant(), key.id(), key.scopes(), key.quota(), key.expires());
  }

  /**
   * The caller of the call that this thread answers.
   *
   * @throws IllegalStateException on a thread that answers none: nobody is let in by mistake
   */
  public static Caller current() {
    return ifAny().orElseThrow(() -> new IllegalStateException("no call is answered here"));
  }

  /** Who acts on this thread; empty for the gateway itself. */
  public static Optional<Actor> actor() {
    return ifAny().map(caller -> new Actor(caller.tenant, caller.keyId));
  }

  private static Optional<Caller> ifAny() {
    @Nullable Caller caller = KEY.get();
    return Optional.ofNullable(caller);
  }

  Context in(Context context) {
    return context.withValue(KEY, this);
  }

  public boolean isOperator() {
    return tenant.equals(OPERATOR) && scopes.contains(Scope.ADMIN);
  }
}
