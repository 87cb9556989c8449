package dev.facet.models;

/** A catalogue file that cannot be read, or an entry in it that breaks a rule. */
public final class CatalogueException extends ModelException {

  private static final long serialVersionUID = 1L;

  CatalogueException(String message) {
    super(message);
  }

  CatalogueException(String message, Throwable cause) {
    super(message, cause);
  }
}
