package dev.facet.gateway.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.Operation;
import dev.facet.gateway.ledger.Operation.State;
import dev.facet.gateway.ledger.Operations;
import dev.facet.gateway.ledger.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JobRunnerTest {
  private static final StringValue RESULT = StringValue.of("all is well");

  private final SettableClock clock = new SettableClock();
  private Ledger ledger;
  private Operations operations;

  @BeforeEach
  void open(@TempDir Path directory) {
    ledger = Ledger.sqlite(directory.resolve("ledger.db"), clock);
    ledger.createTenant("default");
    operations = ledger.operations();
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private JobRunner runner() {
    return new JobRunner(operations, ErrorTable.standard());
  }

  private Operation await(String id, Predicate<Operation> wanted) {
    while (true) {
      Operation operation = operations.find("default", id).orElseThrow();
      if (wanted.test(operation)) {
        return operation;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private Operation awaitDone(String id) {
    return await(id, operation -> operation.state().done());
  }

  private static String reason(Operation operation) throws Exception {
    return Status.parseFrom(operation.error()).getDetails(0).unpack(ErrorInfo.class).getReason();
  }

  /** Runs until it is told not to. */
  private static Job endless(CountDownLatch began) {
    return progress -> {
      progress.expect(10);
      progress.add(4);
      began.countDown();
      while (true) {
        progress.requireWanted();
        Thread.sleep(1);
      }
    };
  }

  @Test
  void whatAJobReturnsIsTheResultOfItsOperation() throws Exception {
    try (JobRunner runner = runner()) {
      Operation begun =
          runner.start(
              "default",
              "Check",
              "people",
              progress -> {
                progress.expect(2);
                progress.add(2);
                return RESULT;
              });
      Operation done = awaitDone(begun.id());

      assertThat(done.state()).isEqualTo(State.SUCCEEDED);
      assertThat(Any.parseFrom(done.result()).unpack(StringValue.class)).isEqualTo(RESULT);
      assertThat(done.doneItems()).isEqualTo(2);
      assertThat(done.totalItems()).isEqualTo(2);
    }
  }

  @Test
  void whatAJobThrowsIsSaidAsACallWouldSayIt() throws Exception {
    try (JobRunner runner = runner()) {
      Operation begun =
          runner.start(
              "default",
              "Check",
              "people",
              _ -> {
                throw Refusal.of(
                    io.grpc.Status.Code.FAILED_PRECONDITION, "NOTHING_KEPT", "nothing is kept");
              });
      Operation done = awaitDone(begun.id());

      assertThat(done.state()).isEqualTo(State.FAILED);
      assertThat(Status.parseFrom(done.error()).getMessage()).isEqualTo("nothing is kept");
      assertThat(reason(done)).isEqualTo("NOTHING_KEPT");
    }
  }

  @Test
  void progressIsSeenWhileTheJobRuns() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    try (JobRunner runner = runner()) {
      String id = runner.start("default", "Check", "people", endless(began)).id();
      began.await();
      Operation running = await(id, operation -> operation.doneItems() == 4);
      assertThat(running.state()).isEqualTo(State.RUNNING);
      assertThat(running.totalItems()).isEqualTo(10);
    }
  }

  /** The flag is in the ledger, so it makes no difference which gateway set it. */
  @Test
  void aCancelledJobStops() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    try (JobRunner runner = runner()) {
      String id = runner.start("default", "Check", "people", endless(began)).id();
      began.await();
      var _ = operations.cancel("default", id);
      assertThat(awaitDone(id).state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  void jobsOfARunnerThatIsClosedFail() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    String id;
    try (JobRunner runner = runner()) {
      id = runner.start("default", "Check", "people", endless(began)).id();
      began.await();
    }
    Operation failed = operations.find("default", id).orElseThrow();
    assertThat(failed.state()).isEqualTo(State.FAILED);
    assertThat(reason(failed)).isEqualTo("OPERATION_INTERRUPTED");
  }

  @Test
  void aJobWhoseGatewayDiedFails() throws Exception {
    String id = operations.begin("default", "Check", "people").id();
    try (JobRunner _ =
        new JobRunner(
            operations, ErrorTable.standard(), Duration.ofMillis(50), Duration.ofMillis(200))) {
      Operation failed = awaitDone(id);
      assertThat(failed.state()).isEqualTo(State.FAILED);
      assertThat(reason(failed)).isEqualTo("OPERATION_INTERRUPTED");
    }
  }

  private long beats(String id) {
    return operations.heartbeats().getOrDefault(id, -1L);
  }

  /** V19: a clock that is set, by a day in either direction, says nothing of a job. */
  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void aJobOutlivesAClockThatJumps(long days) throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Duration look = Duration.ofMillis(20);
    try (JobRunner runner = runner();
        JobRunner _ =
            new JobRunner(operations, ErrorTable.standard(), look, Duration.ofSeconds(5))) {
      String id =
          runner
              .start(
                  "default",
                  "Check",
                  "people",
                  _ -> {
                    began.countDown();
                    end.await();
                    return RESULT;
                  })
              .id();
      began.await();
      long beat = beats(id);
      clock.advance(Duration.ofDays(days));
      await(id, _ -> beats(id) > beat + 1); // looked at often meanwhile
      end.countDown();
      assertThat(awaitDone(id).state()).isEqualTo(State.SUCCEEDED);
    }
  }

  @Test
  void aSecondJobOfTheKindIsRefusedAndTakesNoRoom() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    try (JobRunner runner = runner()) {
      var _ = runner.start("default", "Check", "people", endless(began));
      began.await();
      for (int i = 0; i < 20; i++) {
        assertThatThrownBy(() -> runner.start("default", "Check", "people", _ -> RESULT))
            .isInstanceOf(LedgerRefusal.class);
      }
      String other = runner.start("default", "Check", "others", _ -> RESULT).id();
      assertThat(awaitDone(other).state()).isEqualTo(State.SUCCEEDED);
    }
  }
}
