package dev.facet.models;

/** A model's files are those the catalogue means, but they cannot be given its served form. */
public final class UnservableModelException extends ModelException {

  private static final long serialVersionUID = 1L;

  UnservableModelException(String model, RuntimeException cause) {
    super("Model %s cannot be served: %s".formatted(model, cause.getMessage()), cause);
  }
}
