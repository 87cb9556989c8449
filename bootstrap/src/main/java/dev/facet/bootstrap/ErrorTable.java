package dev.facet.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one table from exceptions to answers.
 *
 * <p>The row of an exception is that of its class or of the nearest superclass that has one. What
 * has no row is an accident: it is logged with an id, and the caller learns the id and nothing
 * else.
 */
public final class ErrorTable {
  private static final Logger log = LoggerFactory.getLogger(ErrorTable.class);

  private final Map<Class<?>, Function<Throwable, Refusal>> rows;

  private ErrorTable(Map<Class<?>, Function<Throwable, Refusal>> rows) {
    this.rows = Map.copyOf(rows);
  }

  /**
   * Rows that hold in every service: a {@link Refusal} is its own answer; the refusal of another
   * Facet service, met as a gRPC status exception, is passed on as it is; any other status becomes
   * {@code DEADLINE_PASSED}, {@code CANCELLED}, {@code NOT_BUILT} or an accident. Channels to other
   * services carry a {@link Backend}, so that one which is down has a reason too.
   */
  public static ErrorTable standard() {
    return new ErrorTable(Map.of())
        .with(Refusal.class, refusal -> refusal)
        .with(StatusRuntimeException.class, e -> ofBackend(e.getStatus(), e.getTrailers(), e))
        .with(StatusException.class, e -> ofBackend(e.getStatus(), e.getTrailers(), e));
  }

  /**
   * This table with one more row: the exception's message is the public message, so the class must
   * be one of ours that keeps it fit for that.
   */
  public ErrorTable with(Class<? extends Throwable> type, Status.Code code, String reason) {
    return with(
        type, e -> Refusal.of(code, reason, Objects.requireNonNullElse(e.getMessage(), reason)));
  }

  /** This table with one more row, which turns an exception of the class into the answer. */
  public <E extends Throwable> ErrorTable with(
      Class<E> type, Function<? super E, Refusal> translation) {
    Map<Class<?>, Function<Throwable, Refusal>> more = new HashMap<>(rows);
    more.put(type, e -> translation.apply(type.cast(e)));
    return new ErrorTable(more);
  }

  /** The answer to a request whose handler ended with the exception. */
  public Refusal refusal(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
      Function<Throwable, Refusal> row = rows.get(type);
      if (row != null) {
        return row.apply(cause);
      }
    }
    return accident(cause);
  }

  /** The same answer as a message, for one item of a larger answer. */
  public com.google.rpc.Status status(Throwable thrown) {
    return RefusalWire.toProto(refusal(thrown));
  }

  private static Refusal ofBackend(Status status, @Nullable Metadata trailers, Throwable thrown) {
    return RefusalWire.read(status, trailers).orElseGet(() -> foreign(status, thrown));
  }

  /** Descriptions written by gRPC name hosts and ports, so none of them is passed on. */
  private static Refusal foreign(Status status, Throwable thrown) {
    if (status.getCause() instanceof InvalidProtocolBufferException) {
      return Refusal.of(
          Status.Code.INVALID_ARGUMENT, "INVALID_FIELD", "the request is not a valid message");
    }
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED ->
          Refusal.of(status.getCode(), "DEADLINE_PASSED", "the deadline has passed");
      case CANCELLED -> Refusal.of(status.getCode(), "CANCELLED", "the call was cancelled");
      case UNIMPLEMENTED -> Refusal.of(status.getCode(), "NOT_BUILT", "this is not built yet");
      default -> accident(thrown);
    };
  }

  private static Refusal accident(Throwable cause) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    log.error("Internal error {}", id, cause);
    return Refusal.of(Status.Code.INTERNAL, "INTERNAL", "internal error " + id).with("id", id);
  }
}
