package dev.facet.models;

import java.util.List;

/** A model was asked for by a name that the catalogue does not have, or not for this task. */
public final class UnknownModelException extends ModelException {

  private static final long serialVersionUID = 1L;

  UnknownModelException(String name, List<String> known) {
    super("No model '%s' in the catalogue; it has %s".formatted(name, String.join(", ", known)));
  }

  private UnknownModelException(String message) {
    super(message);
  }

  static UnknownModelException notOneOf(List<String> candidates, String name) {
    return new UnknownModelException("%s is not one of %s".formatted(name, candidates));
  }
}
