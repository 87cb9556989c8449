package dev.facet.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** The two directions between a {@link Refusal} and {@code google.rpc.Status} in the trailers. */
final class RefusalWire {
  static final String DOMAIN = "facet.dev";

  /** Read by the retry policy of gRPC clients; see gRPC proposal A6. */
  static final Metadata.Key<String> PUSHBACK_MILLIS =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private RefusalWire() {}

  static com.google.rpc.Status toProto(Refusal refusal) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(refusal.code().value())
            .setMessage(refusal.message())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(refusal.reason())
                        .putAllMetadata(refusal.facts())
                        .build()));
    if (!refusal.violations().isEmpty()) {
      BadRequest.Builder bad = BadRequest.newBuilder();
      for (Refusal.Violation violation : refusal.violations()) {
        bad.addFieldViolationsBuilder()
            .setField(violation.field())
            .setDescription(violation.description());
      }
      status.addDetails(Any.pack(bad.build()));
    }
    refusal
        .retryAfter()
        .ifPresent(
            delay ->
                status.addDetails(
                    Any.pack(RetryInfo.newBuilder().setRetryDelay(protoDuration(delay)).build())));
    return status.build();
  }

  static Metadata trailers(Refusal refusal) {
    Metadata trailers =
        Optional.ofNullable(
                Status.trailersFromThrowable(
                    StatusProto.toStatusRuntimeException(toProto(refusal))))
            .orElseGet(Metadata::new);
    if (refusal.code() == Status.Code.UNAVAILABLE) {
      refusal
          .retryAfter()
          .ifPresent(delay -> trailers.put(PUSHBACK_MILLIS, Long.toString(delay.toMillis())));
    }
    return trailers;
  }

  /** The refusal in an answer of another Facet service; empty if the answer is not ours. */
  static Optional<Refusal> fromStatus(Status grpc, Metadata trailers) {
    com.google.rpc.Status status = StatusProto.fromStatusAndTrailers(grpc, trailers);
    try {
      Optional<Refusal> refusal = Optional.empty();
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class) && refusal.isEmpty()) {
          ErrorInfo info = detail.unpack(ErrorInfo.class);
          if (info.getDomain().equals(DOMAIN)) {
            refusal =
                Optional.of(Refusal.of(grpc.getCode(), info.getReason(), status.getMessage()));
            for (var fact : info.getMetadataMap().entrySet()) {
              refusal = refusal.map(r -> r.with(fact.getKey(), fact.getValue()));
            }
          }
        }
      }
      for (Any detail : status.getDetailsList()) {
        if (detail.is(BadRequest.class)) {
          for (var bad : detail.unpack(BadRequest.class).getFieldViolationsList()) {
            refusal = refusal.map(r -> r.violating(bad.getField(), bad.getDescription()));
          }
        } else if (detail.is(RetryInfo.class)) {
          var delay = detail.unpack(RetryInfo.class).getRetryDelay();
          refusal =
              refusal.map(
                  r -> r.retryAfter(Duration.ofSeconds(delay.getSeconds(), delay.getNanos())));
        }
      }
      return refusal;
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static com.google.protobuf.Duration protoDuration(Duration delay) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(delay.getSeconds())
        .setNanos(delay.getNano())
        .build();
  }
}
