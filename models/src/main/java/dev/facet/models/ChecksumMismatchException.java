package dev.facet.models;

/** A source gave a file whose SHA-256 is not the catalogue's. */
public final class ChecksumMismatchException extends ModelException {

  private static final long serialVersionUID = 1L;

  ChecksumMismatchException(ModelRecord model, String source, String actual, String expected) {
    super(
        "Model %s from %s has SHA-256 %s; the catalogue expects %s. It was not taken."
            .formatted(model.name(), source, actual, expected));
  }
}
