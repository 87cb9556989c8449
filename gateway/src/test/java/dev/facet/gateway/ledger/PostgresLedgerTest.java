package dev.facet.gateway.ledger;

import static dev.facet.gateway.ledger.Samples.collection;
import static dev.facet.gateway.ledger.Samples.enroll;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static dev.facet.gateway.ledger.Samples.face;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.testing.PostgresServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger's contract on PostgreSQL, and what only several gateways on one database meet. */
class PostgresLedgerTest implements LedgerContract, OperationsContract, AccessContract {
  private static final SettableClock CLOCK = new SettableClock();

  @Override
  public Ledger open(SettableClock clock) {
    return Ledger.postgres(PostgresServer.shared().database(), clock);
  }

  @Test
  void twoGatewaysThatStartAtOnceMigrateOneDatabase() throws Exception {
    PostgresSettings settings = PostgresServer.shared().database();
    try (ExecutorService gateways = Executors.newFixedThreadPool(2)) {
      Callable<Ledger> start = () -> Ledger.postgres(settings, CLOCK);
      for (Future<Ledger> ledger : gateways.invokeAll(List.of(start, start))) {
        ledger.get().close();
      }
    }
  }

  @Test
  void whatOneGatewayWritesTheOtherSees() {
    PostgresSettings settings = PostgresServer.shared().database();
    try (Ledger one = Ledger.postgres(settings, CLOCK);
        Ledger other = Ledger.postgres(settings, CLOCK)) {
      FaceCollection people = collection(one);
      assertThat(other.collection(people.key())).contains(people);
      long sequence = enroll(one, people, "ada", "f1");
      assertThat(other.sequence()).isEqualTo(sequence);
      assertThat(other.face(people, "f1")).isPresent();
      assertThat(other.enroll(people, enrollment("ada", face("f1"))))
          .isInstanceOf(EnrollOutcome.Replayed.class);
      other.deleteFace(people, "f1");
      assertThat(one.face(people, "f1")).isEmpty();
    }
  }

  /** Ten ids written from both sides: each change has its number, and none is lost. */
  @Test
  void writersOfTwoGatewaysComeOneAfterTheOther() throws Exception {
    PostgresSettings settings = PostgresServer.shared().database();
    try (Ledger one = Ledger.postgres(settings, CLOCK);
        Ledger other = Ledger.postgres(settings, CLOCK)) {
      FaceCollection people = collection(one);
      Set<Long> sequences = ConcurrentHashMap.newKeySet();
      AtomicInteger stored = new AtomicInteger();
      AtomicInteger deleted = new AtomicInteger();
      try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
        List<Callable<Void>> loops = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          Ledger ledger = i % 2 == 0 ? one : other;
          Random random = new Random(i);
          loops.add(
              () -> {
                for (int step = 0; step < 60; step++) {
                  String id = "f" + random.nextInt(10);
                  if (random.nextBoolean()) {
                    if (ledger.enroll(people, enrollment("ada", face(id)))
                        instanceof EnrollOutcome.Stored enrolled) {
                      stored.incrementAndGet();
                      assertThat(sequences.add(enrolled.sequence())).isTrue();
                    }
                  } else {
                    try {
                      Deletion deletion = ledger.deleteFace(people, id);
                      deleted.addAndGet(deletion.faces());
                      assertThat(deletion.faces() == 0 || sequences.add(deletion.sequence()))
                          .isTrue();
                    } catch (LedgerRefusal neverWas) {
                      assertThat(neverWas.reason()).isEqualTo(LedgerRefusal.Reason.FACE_NOT_FOUND);
                    }
                  }
                }
                return null;
              });
        }
        for (Future<Void> loop : clients.invokeAll(loops)) {
          loop.get();
        }
      }
      assertThat(one.faces(people, Optional.empty(), 0, 100)).hasSize(stored.get() - deleted.get());
      assertThat(one.sequence()).isEqualTo(people.number() + sequences.size());
      Set<Long> seen = new HashSet<>();
      one.changes(people, 0, 10_000).changes().forEach(change -> seen.add(change.sequence()));
      assertThat(sequences).containsAll(seen);
    }
  }

  @Test
  void longForeignTransactionMakesWritersFailAndLosesNothing() throws Exception {
    PostgresSettings settings = PostgresServer.shared().database();
    try (Ledger ledger = Ledger.postgres(settings, CLOCK)) {
      FaceCollection people = collection(ledger);
      enroll(ledger, people, "ada", "f1");
      try (var connection =
          DriverManager.getConnection(settings.url(), settings.user(), settings.password())) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("SELECT * FROM change_sequence FOR UPDATE");
        assertThatThrownBy(() -> enroll(ledger, people, "ada", "f2"))
            .isInstanceOf(LedgerException.class);
        assertThat(ledger.face(people, "f1")).isPresent();
        connection.rollback();
      }
      enroll(ledger, people, "ada", "f2");
      assertThat(ledger.faces(people, Optional.empty(), 0, 10)).hasSize(2);
    }
  }

  /** V04: SIGKILL of the server in the middle of enrolments, three times. */
  @Test
  void everyAcknowledgedFaceIsThereAfterTheServerWasKilled(@TempDir Path folder) throws Exception {
    try (PostgresServer server = PostgresServer.start(folder, 0)) {
      PostgresSettings settings = server.database();
      Map<String, Long> acknowledged = new ConcurrentHashMap<>();
      for (int kill = 0; kill < 3; kill++) {
        try (Ledger ledger = Ledger.postgres(settings, CLOCK)) {
          FaceCollection people =
              ledger
                  .collection(new CollectionKey("default", "people"))
                  .orElseGet(() -> collection(ledger));
          int first = kill * 1_000;
          Thread writer =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        try {
                          for (int i = first; i < first + 1_000; i++) {
                            acknowledged.put("f" + i, enroll(ledger, people, "ada", "f" + i));
                          }
                        } catch (LedgerException killed) {
                          // As it should be.
                        }
                      });
          int before = acknowledged.size();
          while (acknowledged.size() < before + 20) {
            Thread.sleep(5);
          }
          server.kill();
          writer.join();
        }
        server.restart();
      }
      try (Ledger ledger = Ledger.postgres(settings, CLOCK)) {
        FaceCollection people =
            ledger.collection(new CollectionKey("default", "people")).orElseThrow();
        acknowledged.forEach(
            (id, sequence) ->
                assertThat(ledger.face(people, id).map(Face::sequence)).contains(sequence));
      }
    }
  }

  @Test
  void lockIsOneGatewaysUntilItIsGone() {
    PostgresSettings settings = PostgresServer.shared().database();
    try (Ledger other = Ledger.postgres(settings, CLOCK)) {
      try (Ledger one = Ledger.postgres(settings, CLOCK)) {
        SharedLock lock = one.tryLock("settling").orElseThrow();
        assertThat(lock.held()).isTrue();
        assertThat(other.tryLock("settling")).isEmpty();
        PostgresServer.shared()
            .execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
        assertThat(lock.held()).isFalse();
        assertThat(other.tryLock("settling")).get().satisfies(SharedLock::close);
        assertThat(one.tryLock("settling")).isPresent(); // and dies with its ledger
      }
      assertThat(other.tryLock("settling")).get().satisfies(SharedLock::close);
    }
  }

  @Test
  void connectionLostInACommitIsAFailureThatMayBeRepeated() throws Exception {
    PostgresSettings settings = PostgresServer.shared().database();
    try (Ledger ledger = Ledger.postgres(settings, CLOCK)) {
      FaceCollection people = collection(ledger);
      Thread killer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      PostgresServer.shared()
                          .execute(
                              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                  + " WHERE application_name = 'facet'");
                    }
                  });
      int failed = 0;
      for (int i = 0; i < 200; i++) {
        boolean done = false;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!done && System.nanoTime() < end) {
          try {
            ledger.enroll(people, enrollment("ada", face("f" + i)));
            done = true;
          } catch (LedgerException e) {
            failed++;
          }
        }
      }
      killer.join();
      System.out.println("connectionLostInACommit: " + failed + " failures");
      assertThat(faces(ledger, people)).hasSize(200);
    }
  }

  /** The last kill is noticed when a connection is used: by each of those that wait in the pool. */
  private static List<Face> faces(Ledger ledger, FaceCollection people) {
    for (int attempt = 1; ; attempt++) {
      try {
        return ledger.faces(people, Optional.empty(), 0, 1_000);
      } catch (LedgerException e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }
}
