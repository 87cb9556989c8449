package dev.facet.models;

import dev.facet.models.graph.GraphException;

/** A model's file is the one the catalogue means, but it cannot be given its served form. */
public final class UnservableModelException extends ModelException {

  private static final long serialVersionUID = 1L;

  UnservableModelException(String model, GraphException cause) {
    super("Model %s cannot be served: %s".formatted(model, cause.getMessage()), cause);
  }
}
