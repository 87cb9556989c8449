package dev.facet.inference.serving;

import java.util.Optional;

/**
 * What a request calls a model: nothing, which is the default one, {@code NAME}, which is its
 * current version, or {@code NAME@VERSION}.
 *
 * @param name empty for the default model
 */
public record ModelReference(String name, Optional<String> version) {

  /** Reads a reference; whoever takes it from outside checks its form first. */
  public static ModelReference of(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new ModelReference(text, Optional.empty())
        : new ModelReference(text.substring(0, at), Optional.of(text.substring(at + 1)));
  }

  /** Whether this may mean the version: one of that name, and of that version if one is given. */
  public boolean allows(ModelVersion candidate) {
    return name.equals(candidate.name()) && version.map(candidate.version()::equals).orElse(true);
  }

  @Override
  public String toString() {
    return version.map(given -> name + "@" + given).orElse(name);
  }
}
