package dev.facet.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Refusal} as the trailers of a call, and reads it again. */
final class RefusalWire {
  private static final String DOMAIN = "facet.dev";

  /** Obeyed by the retry policies of gRPC clients (gRPC proposal A6). */
  static final Metadata.Key<String> PUSHBACK_MILLIS =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private RefusalWire() {}

  static Metadata trailers(Refusal refusal) {
    Metadata pushback = new Metadata();
    if (refusal.code() == Status.Code.UNAVAILABLE) {
      refusal
          .retryAfter()
          .ifPresent(delay -> pushback.put(PUSHBACK_MILLIS, Long.toString(delay.toMillis())));
    }
    Metadata trailers = StatusProto.toStatusException(toProto(refusal), pushback).getTrailers();
    return trailers == null ? pushback : trailers;
  }

  static com.google.rpc.Status toProto(Refusal refusal) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(refusal.code().value())
            .setMessage(refusal.message());
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(refusal.reason());
    status.addDetails(Any.pack(info.putAllMetadata(refusal.facts()).build()));
    if (!refusal.violations().isEmpty()) {
      BadRequest.Builder bad = BadRequest.newBuilder();
      for (Refusal.Violation violation : refusal.violations()) {
        bad.addFieldViolationsBuilder()
            .setField(violation.field())
            .setDescription(violation.description());
      }
      status.addDetails(Any.pack(bad.build()));
    }
    refusal.retryAfter().ifPresent(delay -> status.addDetails(Any.pack(retryInfo(delay))));
    return status.build();
  }

  /** The refusal in an answer of a Facet service; empty if the answer is not in our words. */
  static Optional<Refusal> read(Status grpc, @Nullable Metadata trailers) {
    com.google.rpc.Status status = StatusProto.fromStatusAndTrailers(grpc, trailers);
    try {
      ErrorInfo info = detail(status, ErrorInfo.class, ErrorInfo.getDefaultInstance());
      if (!info.getDomain().equals(DOMAIN)) {
        return Optional.empty();
      }
      Refusal refusal = Refusal.of(grpc.getCode(), info.getReason(), status.getMessage());
      for (Map.Entry<String, String> fact : info.getMetadataMap().entrySet()) {
        refusal = refusal.with(fact.getKey(), fact.getValue());
      }
      BadRequest bad = detail(status, BadRequest.class, BadRequest.getDefaultInstance());
      for (BadRequest.FieldViolation violation : bad.getFieldViolationsList()) {
        refusal = refusal.violating(violation.getField(), violation.getDescription());
      }
      RetryInfo retry = detail(status, RetryInfo.class, RetryInfo.getDefaultInstance());
      return Optional.of(retry.hasRetryDelay() ? refusal.retryAfter(delay(retry)) : refusal);
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static <T extends Message> T detail(com.google.rpc.Status status, Class<T> type, T absent)
      throws InvalidProtocolBufferException {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(type)) {
        return detail.unpack(type);
      }
    }
    return absent;
  }

  private static RetryInfo retryInfo(Duration delay) {
    RetryInfo.Builder retry = RetryInfo.newBuilder();
    retry.getRetryDelayBuilder().setSeconds(delay.getSeconds()).setNanos(delay.getNano());
    return retry.build();
  }

  private static Duration delay(RetryInfo retry) {
    return Duration.ofSeconds(retry.getRetryDelay().getSeconds(), retry.getRetryDelay().getNanos());
  }
}
