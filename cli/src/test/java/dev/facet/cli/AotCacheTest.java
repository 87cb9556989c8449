package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

  private static final FileTime NOON = FileTime.from(Instant.parse("2026-01-01T12:00:00Z"));
  private static final FileTime LATER = FileTime.from(Instant.parse("2026-01-01T13:00:00Z"));

  @TempDir private Path folder;

  private AotCache cache;

  @BeforeEach
  void build() throws Exception {
    Path jar = Files.createFile(folder.resolve("embedder-service.jar"));
    Files.setLastModifiedTime(jar, NOON);
    cache = new AotCache(jar);
  }

  @Test
  void aTrainingRunWritesItBesideTheJar() {
    assertThat(cache.options(/* training= */ true))
        .containsExactly("-XX:AOTCacheOutput=" + folder.resolve("embedder-service.aot"));
  }

  @Test
  void withoutOneThereIsNothingToUse() {
    assertThat(cache.options(/* training= */ false)).isEmpty();
  }

  @Test
  void itIsUsedUntilTheProgramIsBuiltAnew() throws Exception {
    Files.createFile(cache.file());
    Files.setLastModifiedTime(cache.file(), LATER);
    assertThat(cache.options(/* training= */ false))
        .containsExactly("-XX:AOTCache=" + cache.file());

    Files.setLastModifiedTime(cache.jar(), LATER);
    Files.setLastModifiedTime(cache.file(), NOON);
    assertThat(cache.options(/* training= */ false)).isEmpty();
  }
}
