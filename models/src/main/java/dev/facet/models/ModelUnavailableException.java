package dev.facet.models;

import java.nio.file.Path;
import java.util.List;

/** No source has the file; the message lists what was tried and what to copy where. */
public final class ModelUnavailableException extends ModelException {

  private static final long serialVersionUID = 1L;

  ModelUnavailableException(ModelRecord model, List<String> tried, Path target) {
    super(
        """
        Model %s cannot be fetched:
          %s
        Copy %s (%d bytes, SHA-256 %s)
        into a directory and set FACET_MODELS_MIRROR to it, or copy it to %s.
        %s"""
            .formatted(
                model.name(),
                String.join("\n  ", tried),
                model.file(),
                model.bytes(),
                model.sha256(),
                target,
                model.provenance()));
  }
}
