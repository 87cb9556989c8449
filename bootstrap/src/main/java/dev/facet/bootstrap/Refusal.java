package dev.facet.bootstrap;

import io.grpc.Status;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer to a request that is refused: thrown by handlers, sent as {@code google.rpc.Status}.
 *
 * <p>The message, the violations and the facts are public: no path, no text of a library, nothing
 * of another tenant. Refusals are values; the methods that add something return a new one. They
 * carry no stack trace, being answers rather than accidents.
 */
public final class Refusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Content content;

  /**
   * What is wrong with one field of the request; the field is a path such as {@code image.data}.
   */
  public record Violation(String field, String description) {}

  private record Content(
      Status.Code code,
      String reason,
      String message,
      List<Violation> violations,
      Map<String, String> facts,
      Optional<Duration> retryAfter) {}

  private Refusal(Content content) {
    super(content.message, null, false, false);
    this.content = content;
  }

  /**
   * A refusal with nothing but its reason.
   *
   * @param reason a name of the public {@code ErrorReason} enum, such as {@code NO_FACE}
   * @param message a sentence for the person who sent the request
   */
  public static Refusal of(Status.Code code, String reason, String message) {
    return new Refusal(new Content(code, reason, message, List.of(), Map.of(), Optional.empty()));
  }

  /** {@code INVALID_ARGUMENT}, because of one field. */
  public static Refusal invalid(String field, String reason, String message) {
    return of(Status.Code.INVALID_ARGUMENT, reason, message).violating(field, message);
  }

  /** The same, with one more field that is wrong. */
  public Refusal violating(String field, String description) {
    List<Violation> violations = new ArrayList<>(content.violations);
    violations.add(new Violation(field, description));
    return new Refusal(
        new Content(
            content.code,
            content.reason,
            content.message,
            List.copyOf(violations),
            content.facts,
            content.retryAfter));
  }

  /** The same, with a fact for programs, such as the id of what was stored after all. */
  public Refusal with(String key, String value) {
    Map<String, String> facts = new LinkedHashMap<>(content.facts);
    facts.put(key, value);
    return new Refusal(
        new Content(
            content.code,
            content.reason,
            content.message,
            content.violations,
            Map.copyOf(facts),
            content.retryAfter));
  }

  /** The same, with the advice to come again after a while. */
  public Refusal retryAfter(Duration delay) {
    return new Refusal(
        new Content(
            content.code,
            content.reason,
            content.message,
            content.violations,
            content.facts,
            Optional.of(delay)));
  }

  public Status.Code code() {
    return content.code;
  }

  public String reason() {
    return content.reason;
  }

  /** The public sentence. */
  public String message() {
    return content.message;
  }

  public List<Violation> violations() {
    return content.violations;
  }

  public Map<String, String> facts() {
    return content.facts;
  }

  public Optional<Duration> retryAfter() {
    return content.retryAfter;
  }
}
