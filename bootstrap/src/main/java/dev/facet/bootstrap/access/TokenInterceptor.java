package dev.facet.bootstrap.access;

import dev.facet.bootstrap.Refusal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Refuses calls without the services' token, before a byte of the request is asked for. */
final class TokenInterceptor implements ServerInterceptor {
  private final Tokens tokens;

  TokenInterceptor(Tokens tokens) {
    this.tokens = tokens;
  }

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    String sent = headers.get(Tokens.AUTHORIZATION);
    if (sent == null
        || !sent.regionMatches(true, 0, Tokens.SCHEME, 0, Tokens.SCHEME.length())
        || !tokens.hold(sent.substring(Tokens.SCHEME.length()))) {
      throw Refusal.of(
          Status.Code.UNAUTHENTICATED,
          "UNAUTHENTICATED",
          "the call does not carry a token of this service");
    }
    return next.startCall(call, headers);
  }
}
