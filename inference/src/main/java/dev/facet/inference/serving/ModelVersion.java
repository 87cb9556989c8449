package dev.facet.inference.serving;

/** One version of a model; written {@code NAME@VERSION}. */
public record ModelVersion(String name, String version) {

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
