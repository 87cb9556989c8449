package dev.facet.bootstrap;

import io.grpc.Status;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that is refused: thrown by handlers, sent as {@code google.rpc.Status}.
 *
 * <p>The message, the violations and the facts are public: no path, no text of a library, nothing
 * of another tenant. Refusals are values; the methods that add something return a new one. They
 * carry no stack trace, being answers rather than accidents.
 */
@SuppressWarnings("serial") // nobody serializes refusals; they travel as google.rpc.Status
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final Status.Code code;
  private final String reason;
  private final String message;
  private final List<Violation> violations;
  private final Map<String, String> facts;
  private final @Nullable Duration retryAfter;

  /**
   * What is wrong with one field of the request; the field is a path such as {@code image.data}.
   */
  public record Violation(String field, String description) {}

  private Refusal(
      Status.Code code,
      String reason,
      String message,
      List<Violation> violations,
      Map<String, String> facts,
      @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.code = code;
    this.reason = reason;
    this.message = message;
    this.violations = List.copyOf(violations);
    this.facts = Map.copyOf(facts);
    this.retryAfter = retryAfter;
  }

  /**
   * A refusal with nothing but its reason.
   *
   * @param reason a name of the contract's {@code ErrorReason}, such as {@code NO_FACE}
   * @param message a sentence for the person who sent the request
   */
  public static Refusal of(Status.Code code, String reason, String message) {
    return new Refusal(code, reason, message, List.of(), Map.of(), null);
  }

  /** {@code INVALID_ARGUMENT}, because of one field. */
  public static Refusal invalid(String field, String reason, String message) {
    return of(Status.Code.INVALID_ARGUMENT, reason, message).violating(field, message);
  }

  /** The same, with one more field that is wrong. */
  public Refusal violating(String field, String description) {
    List<Violation> more = new ArrayList<>(violations);
    more.add(new Violation(field, description));
    return new Refusal(code, reason, message, more, facts, retryAfter);
  }

  /** The same, with a fact for programs, such as the id of what was stored after all. */
  public Refusal with(String key, String value) {
    Map<String, String> more = new HashMap<>(facts);
    more.put(key, value);
    return new Refusal(code, reason, message, violations, more, retryAfter);
  }

  /** The same, with the advice to come again after a while. */
  public Refusal retryAfter(Duration delay) {
    return new Refusal(code, reason, message, violations, facts, delay);
  }

  public Status.Code code() {
    return code;
  }

  public String reason() {
    return reason;
  }

  /** The public sentence. */
  public String message() {
    return message;
  }

  public List<Violation> violations() {
    return violations;
  }

  public Map<String, String> facts() {
    return facts;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
