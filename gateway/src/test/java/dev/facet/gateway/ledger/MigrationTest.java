package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that an earlier Facet wrote is brought up to date, and loses nothing. */
class MigrationTest {
  @TempDir Path directory;

  @Test
  void ledgerOfTheFirstSchemaKeepsItsFacesAndTombstones() {
    Path file = directory.resolve("ledger.db");
    String url = "jdbc:sqlite:" + file;
    Flyway.configure().dataSource(url, null, null).target("1").load().migrate();
    Jdbi.create(url)
        .useHandle(
            handle -> {
              handle.execute("INSERT INTO tenant VALUES ('default', 0)");
              handle.execute(
                  """
                  INSERT INTO collection VALUES (1, 'default', 'people', 'm', '1', 'w', 'p', 4, '',
                    1.0, NULL, '{}', 0, 0)""");
              handle.execute("INSERT INTO subject VALUES (1, 'ada', 'Ada', '', '{}', 0, 0)");
              handle.execute(
                  "INSERT INTO face VALUES (1, 'f1', 2, 'ada', '', '{}', '', 'c', '', 0, 0, ?)",
                  (Object) Samples.vector("f1").bytes());
              handle.execute("INSERT INTO tombstone VALUES (1, 'f2', 4, 'chip2', 9, NULL)");
              handle.execute("UPDATE change_sequence SET newest = 4");
            });
    try (Ledger ledger = Ledger.sqlite(file, new SettableClock())) {
      FaceCollection people =
          ledger.collection(new CollectionKey("default", "people")).orElseThrow();
      assertThat(ledger.face(people, "f1")).isPresent();
      assertThat(ledger.deleteFace(people, "f2"))
          .isEqualTo(new Deletion(0, 4, Instant.EPOCH.plusNanos(9_000)));
      assertThat(ledger.changes(0, 10).changes())
          .containsExactly(
              new Change.Enrolled(2, 1, "f1", Samples.vector("f1")),
              new Change.Deleted(4, 1, "f2", 0));
      assertThat(ledger.unpurged(10))
          .extracting(Tombstone::chip)
          .containsExactly(Optional.of("chip2"));
    }
  }
}
