package dev.facet.models;

/** Why a model cannot be had; the text is for the operator, not for clients of a service. */
public sealed class ModelException extends RuntimeException
    permits CatalogueException,
        UnknownModelException,
        ModelUnavailableException,
        NoModelException,
        ChecksumMismatchException,
        UnservableModelException,
        ModelCacheException {

  private static final long serialVersionUID = 1L;

  ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
