package dev.facet.models;

import java.util.List;
import java.util.stream.Collectors;

/** Of several models that would do, none can be had. */
public final class NoModelException extends ModelException {

  private static final long serialVersionUID = 1L;

  private final transient List<ModelUnavailableException> missing;

  NoModelException(List<ModelUnavailableException> missing) {
    super(
        missing.stream()
            .map(ModelUnavailableException::getMessage)
            .collect(Collectors.joining("\n")));
    this.missing = List.copyOf(missing);
  }

  /** Why each cannot, in order of preference. */
  public List<ModelUnavailableException> missing() {
    return missing;
  }
}
