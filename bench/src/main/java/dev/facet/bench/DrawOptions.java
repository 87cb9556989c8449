package dev.facet.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What faces are drawn from. */
final class DrawOptions {

  @Option(
      names = "--factors",
      paramLabel = "FILE",
      description = {
        "How real face vectors vary: little-endian float32, a mean of 512 and two matrices of 512 x"
            + " 256, between people and within one.",
        "Default: golden/face_vectors.bin in $FACET_SHARED (or in ../shared beside the checkout);"
            + " where that is not there, built-in factors of a like spread."
      })
  private @Nullable Path file;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Equal seeds draw equal faces (default: ${DEFAULT-VALUE}).")
  private long seed;

  long seed() {
    return seed;
  }

  FaceFactors factors() {
    if (file != null) {
      return FaceFactors.read(file);
    }
    Path shared = shared().resolve("golden").resolve("face_vectors.bin");
    return Files.isRegularFile(shared) ? FaceFactors.read(shared) : FaceFactors.builtIn();
  }

  private static Path shared() {
    String told = System.getenv("FACET_SHARED");
    return told == null
        ? Path.of(System.getProperty("facet.home", ".")).resolve("../shared")
        : Path.of(told);
  }
}
