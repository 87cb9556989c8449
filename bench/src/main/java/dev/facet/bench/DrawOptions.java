package dev.facet.bench;

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
    return file == null ? FaceFactors.standard() : FaceFactors.read(file);
  }
}
