package dev.facet.models;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** A process of its own that fetches one model: cache directory, address, SHA-256, bytes. */
final class FetchInAnotherJvm {

  private FetchInAnotherJvm() {}

  public static void main(String[] args) {
    Catalogue catalogue =
        TinyModel.catalogue(
            args[2], Long.parseLong(args[3]), new Source.Https(URI.create(args[1])));
    System.out.println("asking");
    new ModelStore(catalogue, Path.of(args[0]), Optional.empty()).fetch("tiny", Progress.NONE);
  }
}
