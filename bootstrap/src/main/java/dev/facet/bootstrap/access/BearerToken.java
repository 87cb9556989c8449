package dev.facet.bootstrap.access;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.util.concurrent.Executor;

/** Sends the first token of a file with each call, and with each attempt what is first then. */
final class BearerToken extends CallCredentials {
  private final Tokens tokens;
  private final boolean plaintext;

  BearerToken(Tokens tokens, boolean plaintext) {
    this.tokens = tokens;
    this.plaintext = plaintext;
  }

  @Override
  public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
    if (!plaintext && call.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      applier.fail(Status.UNAVAILABLE.withDescription("a token is not sent without TLS"));
      return;
    }
    Metadata headers = new Metadata();
    headers.put(Tokens.AUTHORIZATION, Tokens.SCHEME + tokens.first());
    applier.apply(headers);
  }
}
