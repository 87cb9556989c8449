package dev.facet.cli;

import picocli.CommandLine.Option;

/** Which collection a command is about. */
final class CollectionOption {

  @Option(
      names = {"-c", "--collection"},
      paramLabel = "ID",
      defaultValue = "default",
      description = "The collection (default: ${DEFAULT-VALUE}).")
  private String id = "";

  String id() {
    return id;
  }
}
