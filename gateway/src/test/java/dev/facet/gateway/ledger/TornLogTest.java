package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * V18: whatever happens to the end of the write-ahead log, a clean prefix of the commits remains.
 */
class TornLogTest {
  private static final int COMMITS = 40;

  @TempDir Path directory;

  @Test
  void tornOrChangedEndLosesWholeCommitsFromTheEndOnly() throws IOException {
    long seed = System.nanoTime();
    System.out.println("tornOrChangedEndLosesWholeCommitsFromTheEndOnly: seed " + seed);
    Random random = new Random(seed);
    Path file = directory.resolve("ledger.db");
    Path log = directory.resolve("ledger.db-wal");
    byte[] database;
    byte[] whole;
    int empty;
    try (Ledger ledger = Ledger.sqlite(file, new SettableClock())) {
      FaceCollection people = Samples.collection(ledger);
      empty = (int) Files.size(log);
      IntStream.range(0, COMMITS).forEach(i -> Samples.enroll(ledger, people, "ada", "f" + i));
      database = Files.readAllBytes(file);
      whole = Files.readAllBytes(log);
    }

    assertThat(facesAfter(database, whole)).isEqualTo(COMMITS);
    for (int i = 0; i < 2; i++) {
      int place = random.nextInt(empty, whole.length);
      byte[] torn = Arrays.copyOf(whole, place);
      byte[] changed = whole.clone();
      changed[place] ^= (byte) (1 << random.nextInt(8));
      assertThat(facesAfter(database, torn)).isLessThan(COMMITS);
      assertThat(facesAfter(database, changed)).isLessThan(COMMITS);
    }
  }

  /** How many faces a ledger of these bytes has; they are the first ones. */
  private int facesAfter(byte[] database, byte[] log) throws IOException {
    Path copy = Files.createTempDirectory(directory, "copy").resolve("ledger.db");
    Files.write(copy, database);
    Files.write(copy.resolveSibling("ledger.db-wal"), log);
    try (Ledger ledger = Ledger.sqlite(copy, new SettableClock())) {
      FaceCollection people =
          ledger.collection(new CollectionKey("default", "people")).orElseThrow();
      List<Face> faces = ledger.faces(people, Optional.empty(), 0, 1_000);
      assertThat(faces)
          .extracting(Face::faceId)
          .containsExactly(
              IntStream.range(0, faces.size()).mapToObj(i -> "f" + i).toArray(String[]::new));
      assertThat(faces)
          .allSatisfy(
              face ->
                  assertThat(ledger.vector(people, face.faceId()))
                      .contains(Samples.vector(face.faceId())));
      return faces.size();
    }
  }
}
