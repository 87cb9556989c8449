package dev.facet.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A call that the gateway refused or did not answer, with the reason it gave. */
final class GatewayFailure extends CommandFailure {

  private static final long serialVersionUID = 1;

  private final Status.Code code;
  private final String reason;
  private final Duration retryDelay;

  private GatewayFailure(
      Status.Code code, String reason, Duration retryDelay, String message, Throwable cause) {
    super(exitCode(code), message, cause);
    this.code = code;
    this.reason = reason;
    this.retryDelay = retryDelay;
  }

  /**
   * Reads what a failed call says.
   *
   * @param gateway its address, for the person who reads that nobody listens there
   */
  static GatewayFailure of(StatusRuntimeException failure, String gateway) {
    return ofServer(failure, "the gateway at " + gateway);
  }

  /**
   * Reads what a failed call to another service says.
   *
   * @param server who was called, in words
   */
  static GatewayFailure ofServer(StatusRuntimeException failure, String server) {
    Status.Code code = code(failure);
    com.google.rpc.@Nullable Status details = StatusProto.fromThrowable(failure);
    String reason = detail(details, ErrorInfo.class).map(ErrorInfo::getReason).orElse("");
    Duration delay =
        detail(details, RetryInfo.class)
            .map(info -> Duration.ofMillis(Durations.toMillis(info.getRetryDelay())))
            .orElse(Duration.ZERO);
    String message;
    if (code == Status.Code.CANCELLED) {
      message = "interrupted";
    } else if (!reason.isEmpty()) {
      message =
          "%s: %s%s%s"
              .formatted(
                  reason,
                  failure.getStatus().getDescription(),
                  violations(details),
                  advice(reason));
    } else if (code == Status.Code.UNAVAILABLE) {
      message =
          handshake(failure)
              .map(trouble -> "no TLS with " + server + ": " + trouble)
              .orElse("no answer from " + server + "; is it up? (facet up starts one)");
    } else if (code == Status.Code.DEADLINE_EXCEEDED) {
      message = server + " did not answer in time";
    } else {
      message = code + ": " + failure.getStatus().getDescription();
    }
    return new GatewayFailure(code, reason, delay, message, failure);
  }

  /** What went wrong while TLS was agreed upon, in the words of whoever noticed it first. */
  private static Optional<String> handshake(Throwable failure) {
    boolean tls = false;
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      tls |= cause instanceof SSLException;
    }
    return tls ? Optional.ofNullable(cause.getMessage()) : Optional.empty();
  }

  private static String advice(String reason) {
    return switch (reason) {
      case "COLLECTION_NOT_FOUND" -> "; enroll something first, or name another with --collection";
      case "UNAUTHENTICATED" -> "; give one by --key-file or FACET_KEY";
      default -> "";
    };
  }

  Status.Code code() {
    return code;
  }

  /** A name of the contract's ErrorReason, or empty when the failure came from the transport. */
  String reason() {
    return reason.isEmpty() ? code.name() : reason;
  }

  /** Whether a face was missing in the photo, or the photo was none. */
  boolean aboutPhoto() {
    return reason.equals("NO_FACE")
        || reason.startsWith("IMAGE_")
        || reason.equals("UNSUPPORTED_FORMAT")
        || reason.equals("TOO_MANY_SCANS");
  }

  /** How long the gateway asks to wait before the call is sent again. */
  Duration retryDelay() {
    return retryDelay;
  }

  /** A call that was cancelled, and not from here, was cut off by a service that ended. */
  private static Status.Code code(StatusRuntimeException failure) {
    Status.Code code = failure.getStatus().getCode();
    return code == Status.Code.CANCELLED && !Thread.currentThread().isInterrupted()
        ? Status.Code.UNAVAILABLE
        : code;
  }

  private static int exitCode(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> ExitCode.UNAVAILABLE;
      case CANCELLED -> ExitCode.INTERRUPTED;
      case INTERNAL, UNKNOWN, DATA_LOSS -> ExitCode.INTERNAL;
      default -> ExitCode.REFUSED;
    };
  }

  private static String violations(com.google.rpc.@Nullable Status details) {
    return detail(details, BadRequest.class)
        .map(
            request ->
                request.getFieldViolationsList().stream()
                    .map(field -> field.getField() + ": " + field.getDescription())
                    .collect(Collectors.joining("; ", " (", ")")))
        .orElse("");
  }

  private static <M extends Message> Optional<M> detail(
      com.google.rpc.@Nullable Status details, Class<M> type) {
    if (details == null) {
      return Optional.empty();
    }
    for (Any detail : details.getDetailsList()) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
