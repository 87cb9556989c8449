package dev.facet.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import dev.facet.gateway.ledger.Operation.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every ledger does with long jobs, whatever database is below it. */
interface OperationsContract {

  /** An empty ledger. */
  Ledger open(SettableClock clock);

  private static byte[] words() {
    return new byte[] {1, 2, 3};
  }

  private static Operations of(Ledger ledger) {
    ledger.createTenant("default");
    ledger.createTenant("other");
    return ledger.operations();
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LedgerRefusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  @Test
  default void aJobIsReportedUntilItEnds() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Operations operations = of(ledger);
      Operation begun = operations.begin("default", "Check", "people");
      assertThat(begun.state()).isEqualTo(State.PENDING);
      assertThat(operations.find("default", begun.id()).orElseThrow().created())
          .isEqualTo(clock.instant());

      clock.advance(Duration.ofSeconds(1));
      assertThat(operations.report(begun.id(), State.RUNNING, 3, 10)).isTrue();
      Operation running = operations.find("default", begun.id()).orElseThrow();
      assertThat(running.state()).isEqualTo(State.RUNNING);
      assertThat(running.doneItems()).isEqualTo(3);
      assertThat(running.totalItems()).isEqualTo(10);
      assertThat(running.updated()).isEqualTo(clock.instant());
      assertThat(running.revision()).isGreaterThan(begun.revision());

      operations.end(begun.id(), State.SUCCEEDED, new byte[0], words());
      Operation done = operations.find("default", begun.id()).orElseThrow();
      assertThat(done.state()).isEqualTo(State.SUCCEEDED);
      assertThat(done.result()).isEqualTo(words());
      assertThat(done.error()).isEmpty();
    }
  }

  @Test
  default void aReportThatSaysNothingNewIsNoChange() {
    try (Ledger ledger = open(new SettableClock())) {
      Operations operations = of(ledger);
      String id = operations.begin("default", "Check", "people").id();
      assertThat(operations.report(id, State.RUNNING, 3, 10)).isTrue();
      long revision = operations.find("default", id).orElseThrow().revision();
      assertThat(operations.report(id, State.RUNNING, 3, 10)).isTrue();
      assertThat(operations.find("default", id).orElseThrow().revision()).isEqualTo(revision);
    }
  }

  @Test
  default void ofOneKindACollectionHasOneJobAtATime() {
    try (Ledger ledger = open(new SettableClock())) {
      Operations operations = of(ledger);
      String id = operations.begin("default", "Check", "people").id();
      refused(Reason.OPERATION_RUNNING, () -> operations.begin("default", "Check", "people"));
      var _ = operations.begin("default", "Rebuild", "people");
      var _ = operations.begin("default", "Check", "");
      var _ = operations.begin("other", "Check", "people");
      operations.end(id, State.CANCELLED, new byte[0], new byte[0]);
      var _ = operations.begin("default", "Check", "people");
    }
  }

  @Test
  default void aJobThatIsAskedToStopHearsOfItAtItsNextReport() {
    try (Ledger ledger = open(new SettableClock())) {
      Operations operations = of(ledger);
      String id = operations.begin("default", "Check", "people").id();
      assertThat(operations.cancel("default", id).state()).isEqualTo(State.PENDING);
      assertThat(operations.report(id, State.RUNNING, 1, 2)).isFalse();
      operations.end(id, State.CANCELLED, new byte[0], new byte[0]);
      assertThat(operations.cancel("default", id).state()).isEqualTo(State.CANCELLED);
    }
  }

  @Test
  default void aJobThatIsDoneChangesNoMore() {
    try (Ledger ledger = open(new SettableClock())) {
      Operations operations = of(ledger);
      String id = operations.begin("default", "Check", "people").id();
      operations.end(id, State.FAILED, words(), new byte[0]);
      assertThat(operations.report(id, State.RUNNING, 1, 2)).isFalse();
      operations.end(id, State.SUCCEEDED, new byte[0], words());
      assertThat(operations.find("default", id).orElseThrow().state()).isEqualTo(State.FAILED);
    }
  }

  @Test
  default void aJobIsDeclaredDeadUnlessItWasReportedMeanwhile() {
    try (Ledger ledger = open(new SettableClock())) {
      Operations operations = of(ledger);
      String silent = operations.begin("default", "Check", "a").id();
      String alive = operations.begin("default", "Check", "b").id();
      String done = operations.begin("default", "Check", "c").id();
      operations.end(done, State.CANCELLED, new byte[0], new byte[0]);
      Map<String, Long> heard = operations.heartbeats();
      assertThat(heard).containsOnlyKeys(silent, alive);
      assertThat(operations.report(alive, State.RUNNING, 0, 0)).isTrue();

      assertThat(operations.failSilent(silent, heard.getOrDefault(silent, -1L), words())).isTrue();
      assertThat(operations.failSilent(alive, heard.getOrDefault(alive, -1L), words())).isFalse();
      assertThat(operations.failSilent(done, 0, words())).isFalse();
      assertThat(operations.failSilent("nobody", 0, words())).isFalse();
      Operation failed = operations.find("default", silent).orElseThrow();
      assertThat(failed.state()).isEqualTo(State.FAILED);
      assertThat(failed.error()).isEqualTo(words());
      assertThat(operations.find("default", alive).orElseThrow().state()).isEqualTo(State.RUNNING);
    }
  }

  @Test
  default void jobsAreListedNewestFirstAndOnlyTheTenants() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Operations operations = of(ledger);
      String first = operations.begin("default", "Check", "a").id();
      clock.advance(Duration.ofSeconds(1));
      String second = operations.begin("default", "Check", "b").id();
      clock.advance(Duration.ofSeconds(1));
      String foreign = operations.begin("other", "Check", "b").id();

      assertThat(ids(operations.list("default", "", 10))).containsExactly(second, first);
      assertThat(ids(operations.list("default", "", 1))).containsExactly(second);
      assertThat(ids(operations.list("default", second, 10))).containsExactly(first);
      assertThat(operations.find("default", foreign)).isEmpty();
      refused(Reason.OPERATION_NOT_FOUND, () -> operations.cancel("default", foreign));
    }
  }

  private static List<String> ids(List<Operation> operations) {
    return operations.stream().map(Operation::id).toList();
  }

  @Test
  default void whatWasDoneLongAgoIsForgotten() {
    SettableClock clock = new SettableClock();
    try (Ledger ledger = open(clock)) {
      Operations operations = of(ledger);
      String done = operations.begin("default", "Check", "a").id();
      operations.end(done, State.CANCELLED, new byte[0], new byte[0]);
      String underWay = operations.begin("default", "Check", "b").id();
      clock.advance(Duration.ofDays(31));
      assertThat(operations.forget(Duration.ofDays(30))).isEqualTo(1);
      assertThat(ids(operations.list("default", "", 10))).containsExactly(underWay);
    }
  }
}
