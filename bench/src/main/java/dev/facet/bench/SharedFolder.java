package dev.facet.bench;

import java.nio.file.Path;

/** Photos and factors of real faces that are no part of the project. */
public final class SharedFolder {

  private SharedFolder() {}

  /** {@code $FACET_SHARED}, or else {@code ../shared} beside the checkout; it need not be there. */
  public static Path path() {
    String told = System.getenv("FACET_SHARED");
    return told == null ? Program.home().resolve("../shared") : Path.of(told);
  }
}
