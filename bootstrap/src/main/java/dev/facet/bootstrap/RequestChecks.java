package dev.facet.bootstrap;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Collects everything that is wrong with the fields of a request, to refuse it once for all. */
public final class RequestChecks {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String ID_RULE = "must have 1 to 64 characters of A-Z a-z 0-9 . _ -";

  private static final Pattern MODEL =
      Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}(@[A-Za-z0-9][A-Za-z0-9._-]{0,63})?");
  private static final String MODEL_RULE =
      "must be NAME or NAME@VERSION, each 1 to 64 characters of A-Z a-z 0-9 . _ -, a NAME without"
          + " capitals, neither beginning with a sign";

  private static final int MOST_CHARACTERS = 256;
  private static final int FARTHEST = 4;

  private final List<Complaint> complaints = new ArrayList<>();

  private record Complaint(String field, String reason, String description) {}

  /** An id that must be there. */
  @CanIgnoreReturnValue
  public RequestChecks id(String field, String value) {
    return expect(ID.matcher(value).matches(), field, "INVALID_ID", ID_RULE);
  }

  /** An id that may be empty. */
  @CanIgnoreReturnValue
  public RequestChecks optionalId(String field, String value) {
    return value.isEmpty() ? this : id(field, value);
  }

  /** A model by its name, or by name and version, that must be there. */
  @CanIgnoreReturnValue
  public RequestChecks model(String field, String value) {
    return expect(MODEL.matcher(value).matches(), field, MODEL_RULE);
  }

  /** A model that may be empty, which is the default one. */
  @CanIgnoreReturnValue
  public RequestChecks optionalModel(String field, String value) {
    return value.isEmpty() ? this : model(field, value);
  }

  /** A free text, as long as the contract's free texts may be. */
  @CanIgnoreReturnValue
  public RequestChecks text(String field, String value) {
    return expect(
        value.codePointCount(0, value.length()) <= MOST_CHARACTERS,
        field,
        "must have at most %d characters".formatted(MOST_CHARACTERS));
  }

  /** A squared distance between unit vectors; NaN is none. */
  @CanIgnoreReturnValue
  public RequestChecks squaredDistance(String field, float value) {
    return range(field, value, 0, FARTHEST);
  }

  /** A number within a range; NaN is in none. */
  @CanIgnoreReturnValue
  public RequestChecks range(String field, float value, int least, int most) {
    return expect(
        value >= least && value <= most, field, "must be from %d to %d".formatted(least, most));
  }

  /** An unsigned number within a range. */
  @CanIgnoreReturnValue
  public RequestChecks count(String field, int value, int least, int most) {
    long count = Integer.toUnsignedLong(value);
    return expect(
        count >= least && count <= most, field, "must be from %d to %d".formatted(least, most));
  }

  /** Anything else about a field. */
  @CanIgnoreReturnValue
  public RequestChecks expect(boolean holds, String field, String description) {
    return expect(holds, field, "INVALID_FIELD", description);
  }

  @CanIgnoreReturnValue
  public RequestChecks expect(boolean holds, String field, String reason, String description) {
    if (!holds) {
      complaints.add(new Complaint(field, reason, description));
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws Refusal if there are complaints: {@code INVALID_ARGUMENT} with the reason of the first
   */
  public void done() {
    if (complaints.isEmpty()) {
      return;
    }
    Complaint first = complaints.getFirst();
    Refusal refusal =
        Refusal.of(
            Status.Code.INVALID_ARGUMENT,
            first.reason(),
            first.field() + " " + first.description());
    for (Complaint complaint : complaints) {
      refusal = refusal.violating(complaint.field(), complaint.description());
    }
    throw refusal;
  }
}
