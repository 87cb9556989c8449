package dev.facet.gateway.register;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that enrol, delete and read the same few face ids for a while, and what they saw. */
public final class RegisterLoad {
  private static final int CLIENTS = 8;
  private static final int IDS_AT_A_TIME = 5;

  /** Then another id takes its place: long histories, or open ones, take too long to check. */
  private static final int STEPS = 60;

  private static final int UNKNOWN_STEPS = 3;

  private final List<Register> registers;
  private final String prefix;
  private final List<Id> ids = new ArrayList<>();
  private final List<Id> finished = new ArrayList<>();
  private final AtomicLong made = new AtomicLong();

  private static final class Id {
    final String faceId;
    final List<Step> steps = new ArrayList<>();
    int begun;
    int unknown;
    int versions;

    Id(String faceId) {
      this.faceId = faceId;
    }

    boolean isWorn() {
      return begun >= STEPS || unknown >= UNKNOWN_STEPS || versions == Versions.MAX;
    }
  }

  /**
   * What came of it.
   *
   * @param steps done in all
   * @param unknown of these, how many failed
   * @param faults the ids that no order of steps explains, with what was seen of each
   */
  public record Report(int ids, int steps, int unknown, List<String> faults) {}

  /**
   * A load; nothing runs until it is asked to.
   *
   * @param registers the same ids through several doors; each client uses all of them
   * @param prefix of the ids
   */
  public RegisterLoad(List<Register> registers, String prefix) {
    this.registers = List.copyOf(registers);
    this.prefix = prefix;
    for (int i = 0; i < IDS_AT_A_TIME; i++) {
      ids.add(fresh());
    }
  }

  /** Runs the clients for the time given and checks what they saw. */
  public Report run(Duration time, long seed) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Callable<Void>> loops = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random random = new Random(seed + i);
        loops.add(
            () -> {
              while (System.nanoTime() < end) {
                step(random);
              }
              return null;
            });
      }
      for (Future<Void> loop : clients.invokeAll(loops)) {
        loop.get();
      }
    }
    return report();
  }

  private void step(Random random) {
    Register register = registers.get(random.nextInt(registers.size()));
    int which = random.nextInt(10);
    int place = random.nextInt(IDS_AT_A_TIME);
    Id id;
    int version;
    synchronized (this) {
      if (ids.get(place).isWorn()) {
        finished.add(ids.set(place, fresh()));
      }
      id = ids.get(place);
      id.begun++;
      version = which < 3 ? ++id.versions : 0;
    }
    long begun = System.nanoTime();
    Step step;
    try {
      if (version > 0) {
        boolean enrolled = register.enroll(id.faceId, version);
        step = known(enrolled ? Step.Kind.ENROLLED : Step.Kind.REFUSED, version, begun);
      } else if (which < 5) {
        boolean deleted = register.delete(id.faceId);
        step = known(deleted ? Step.Kind.DELETED : Step.Kind.NEVER_WAS, 0, begun);
      } else {
        step = known(Step.Kind.READ, register.read(id.faceId), begun);
      }
    } catch (Exception failed) {
      if (version == 0 && which >= 5) {
        return; // a read that failed says nothing
      }
      Step.Kind kind = version > 0 ? Step.Kind.ENROLLED : Step.Kind.DELETED;
      step = new Step(kind, version, false, begun, Long.MAX_VALUE);
    }
    synchronized (this) {
      id.steps.add(step);
      id.unknown += step.known() ? 0 : 1;
    }
  }

  private static Step known(Step.Kind kind, int version, long begun) {
    return new Step(kind, version, true, begun, System.nanoTime());
  }

  private synchronized Report report() {
    List<Id> all = new ArrayList<>(finished);
    all.addAll(ids);
    List<String> faults = new ArrayList<>();
    int steps = 0;
    int unknown = 0;
    for (Id id : all) {
      steps += id.steps.size();
      unknown += id.unknown;
      if (!History.isLinearizable(id.steps)) {
        faults.add(id.faceId + ": " + id.steps);
      }
    }
    return new Report(all.size(), steps, unknown, faults);
  }

  private Id fresh() {
    return new Id(prefix + made.getAndIncrement());
  }
}
