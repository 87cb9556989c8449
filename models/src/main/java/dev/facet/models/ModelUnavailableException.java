package dev.facet.models;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** No source has a file; the message lists what was tried and what to copy where. */
public final class ModelUnavailableException extends ModelException {

  private static final long serialVersionUID = 1L;

  private final transient ModelRecord model;
  private final transient List<String> tried;

  ModelUnavailableException(
      ModelRecord model, ModelFile missing, List<String> tried, Path directory) {
    super(
        """
        Model %s cannot be fetched: nobody gives %s:
          %s
        Copy these into a directory and set FACET_MODELS_MIRROR to it, or copy them to %s:
          %s
        %s"""
            .formatted(
                model.name(),
                missing.file(),
                String.join("\n  ", tried),
                directory,
                model.files().stream()
                    .map(ModelUnavailableException::description)
                    .collect(Collectors.joining("\n  ")),
                model.provenance()));
    this.model = model;
    this.tried = List.copyOf(tried);
  }

  private static String description(ModelFile file) {
    return "%s (%s, SHA-256 %s)".formatted(file.file(), file.bytes(), file.sha256());
  }

  public ModelRecord model() {
    return model;
  }

  /** What each source of the missing file said. */
  public List<String> tried() {
    return tried;
  }
}
