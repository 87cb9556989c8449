package dev.facet.detector;

/** The crops and chips asked for are more than one answer may carry. */
public final class AnswerTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  AnswerTooLargeException(int faces, long bytes, long limit) {
    super(
        "crops and chips of %d faces have up to %d bytes, an answer at most %d; ask for fewer faces or smaller crops"
            .formatted(faces, bytes, limit));
  }
}
