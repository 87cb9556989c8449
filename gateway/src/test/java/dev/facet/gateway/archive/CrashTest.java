package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** V05, V06: what {@link CrashWriter} was told is done is done, whenever SIGKILL comes. */
class CrashTest {
  private static final int ROUNDS = 2;
  private static final int ACKNOWLEDGEMENTS = 100;

  @TempDir Path directory;

  @Test
  void killedWriterHasLostNothingItWasToldIsStored() throws Exception {
    Set<String> enrolled = new HashSet<>();
    Set<String> deleted = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (String acknowledged : writeUntilKilled(round)) {
        (acknowledged.startsWith("+") ? enrolled : deleted).add(acknowledged.substring(1));
      }
      check(enrolled, deleted);
    }
  }

  private Set<String> writeUntilKilled(int round) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                directory.toString(),
                "round" + round)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        acknowledged.add(line);
        if (acknowledged.size() == ACKNOWLEDGEMENTS) {
          writer.toHandle().destroyForcibly();
        }
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGEMENTS);
    return acknowledged;
  }

  private void check(Set<String> enrolled, Set<String> deleted) {
    InstantSource clock = InstantSource.system();
    Archive archive = Archive.directory(directory.resolve("archive"), clock);
    try (Ledger ledger = Ledger.sqlite(directory.resolve("ledger.db"), clock)) {
      FaceCollection people =
          ledger.collection(new CollectionKey("default", "people")).orElseThrow();
      OrphanSweep sweep = new OrphanSweep(ledger, archive, clock, Duration.ofMinutes(-1));
      sweep.sweep();
      sweep.sweep();
      List<Face> alive = ledger.faces(people, Optional.empty(), 0, 100_000);
      Set<String> aliveIds = new HashSet<>();
      for (Face face : alive) {
        aliveIds.add(face.faceId());
        assertThat(ledger.vector(people, face.faceId())).contains(Samples.vector(face.faceId()));
        Chip chip = archive.get(people.number(), face.chip().orElseThrow()).orElseThrow();
        assertThat(chip.image()).isEqualTo(chip(face.faceId()).image());
      }
      Set<String> stillEnrolled = new HashSet<>(enrolled);
      stillEnrolled.removeAll(deleted);
      assertThat(aliveIds).doesNotContainAnyElementsOf(deleted);
      // A deletion under way when the kill came may have been done without a word.
      stillEnrolled.removeAll(aliveIds);
      assertThat(stillEnrolled)
          .allSatisfy(id -> assertThat(CrashWriter.mayBeDeleted(id)).isTrue())
          .hasSizeLessThanOrEqualTo(ROUNDS * CrashWriter.THREADS);
      assertThat(archive.list(Optional.empty(), 100_000)).hasSameSizeAs(alive);
    }
  }
}
