package dev.facet.cli;

import picocli.CommandLine.Option;

/** Which embedding model measures the faces, where a command may choose. */
final class EmbeddingModelOption {

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Embedding model (default: the service's).")
  private String name = "";

  /** A name of the catalogue, or empty for the service's own choice. */
  String name() {
    return name;
  }
}
