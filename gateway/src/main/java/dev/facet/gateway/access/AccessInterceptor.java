package dev.facet.gateway.access;

import dev.facet.bootstrap.Refusal;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks every call, before any of it is read, for its key, and lets in those that may do what they
 * ask for and are within their quota. A unary call that keeps the services behind at work then
 * waits for its tenant's turn; the items of a stream do so by themselves.
 */
public final class AccessInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "bearer ";

  private final Optional<KeyRing> keys;
  private final AccessNotes notes;
  private final Turns turns;
  private final Quotas quotas = new Quotas(System::nanoTime);

  /**
   * An open or a closed door.
   *
   * @param keys empty: everybody is let in
   */
  public AccessInterceptor(Optional<KeyRing> keys, AccessNotes notes, Turns turns) {
    this.keys = keys;
    this.notes = notes;
    this.turns = turns;
  }

  /** The service behind this door. */
  public BindableService before(BindableService service) {
    return () -> ServerInterceptors.interceptForward(service, this);
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    Caller caller = caller(headers, method);
    require(caller, method);
    boolean heavy = MethodScopes.isHeavy(method);
    if (heavy) {
      turns.requireRoom(caller.tenant());
    }
    Quotas.Pass pass = quotas.enter(caller);
    boolean unary = call.getMethodDescriptor().getType().clientSendsOneMessage();
    try {
      ServerCall.Listener<ReqT> listener =
          Contexts.interceptCall(caller.in(Context.current()), call, headers, next);
      return new Admitted<>(listener, caller, method, pass, heavy && unary, !unary);
    } catch (Throwable thrown) {
      pass.close();
      throw thrown;
    }
  }

  private Caller caller(Metadata headers, String method) {
    if (keys.isEmpty()) {
      return Caller.ANYBODY;
    }
    Caller caller =
        bearer(headers)
            .flatMap(KeySecret::parse)
            .flatMap(keys.get()::find)
            .map(Caller::of)
            .orElseThrow(
                () -> {
                  notes.refused("", "", method, "UNAUTHENTICATED");
                  return Refusal.of(
                      Status.Code.UNAUTHENTICATED,
                      "UNAUTHENTICATED",
                      "the call needs a valid key, as metadata \"authorization: Bearer KEY\"");
                });
    notes.used(caller.keyId());
    return caller;
  }

  /** The key of the one authorization that is given; two would be one too many to choose from. */
  private static Optional<String> bearer(Metadata headers) {
    Iterable<String> given = headers.getAll(AUTHORIZATION);
    if (given == null) {
      return Optional.empty();
    }
    List<String> all = new ArrayList<>();
    given.forEach(all::add);
    return all.size() == 1 && all.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? Optional.of(all.getFirst().substring(BEARER.length()).strip())
        : Optional.empty();
  }

  private void require(Caller caller, String method) {
    if (!MethodScopes.allow(method, caller.scopes())) {
      notes.refused(caller.tenant(), caller.keyId(), method, "PERMISSION_DENIED");
      throw Refusal.of(
          Status.Code.PERMISSION_DENIED,
          "PERMISSION_DENIED",
          "the key lacks the scope for " + method);
    }
  }

  private final class Admitted<ReqT> extends SimpleForwardingServerCallListener<ReqT> {
    private final Caller caller;
    private final String method;
    private final Quotas.Pass pass;
    private final boolean takesTurn;
    private final boolean countsMessages;

    Admitted(
        ServerCall.Listener<ReqT> listener,
        Caller caller,
        String method,
        Quotas.Pass pass,
        boolean takesTurn,
        boolean countsMessages) {
      super(listener);
      this.caller = caller;
      this.method = method;
      this.pass = pass;
      this.takesTurn = takesTurn;
      this.countsMessages = countsMessages;
    }

    @Override
    public void onMessage(ReqT message) {
      if (countsMessages) {
        try {
          pass.awaitMessage();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw Refusal.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
        }
      }
      super.onMessage(message);
    }

    /** A unary call's handler blocks in here. */
    @Override
    public void onHalfClose() {
      try {
        if (takesTurn) {
          try (var _ = turns.take(caller.tenant())) {
            super.onHalfClose();
          }
        } else {
          super.onHalfClose();
        }
      } catch (Refusal refusal) {
        if (refusal.code() == Status.Code.PERMISSION_DENIED) {
          notes.refused(caller.tenant(), caller.keyId(), method, refusal.reason());
        }
        throw refusal;
      }
    }

    @Override
    public void onCancel() {
      pass.close();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      pass.close();
      super.onComplete();
    }
  }
}
