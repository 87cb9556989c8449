package dev.facet.models;

/** Why a model cannot be had, in words for the clients of a service: no path, no address. */
public final class ModelFault {
  private ModelFault() {}

  /** One clause without a full stop; the exception's own message is the operator's. */
  public static String words(ModelException fault) {
    return switch (fault) {
      case UnknownModelException _ -> "the catalogue has no such model";
      case ModelUnavailableException _, NoModelException _ -> "no source has its file";
      case ChecksumMismatchException _ ->
          "a source has another file under its name: size or SHA-256 are not the catalogue's";
      case UnservableModelException _ ->
          "its file is not a model that can be served as the catalogue describes it";
      case CatalogueException _ -> "the catalogue cannot be read";
      case ModelCacheException _ -> "the model cache cannot be read or written";
      default -> "it cannot be had";
    };
  }
}
