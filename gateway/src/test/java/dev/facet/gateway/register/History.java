package dev.facet.gateway.register;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What all clients did to one face id, and whether it is linearizable: whether every step can be
 * given one instant between its begin and its end so that, one after the other, the steps are those
 * of a register.
 *
 * <p>The search is that of Wing and Gong with the memory of Lowe: depth first over the steps that
 * may come next, never twice with the same steps done and the same state. It is exponential at
 * worst, so histories are kept short.
 */
final class History {
  private final List<Step> steps;
  private final Set<Seen> seen = new HashSet<>();

  /**
   * The register between two steps.
   *
   * @param version 0 when absent
   * @param everWas whether it was ever present
   */
  private record State(int version, boolean everWas) {}

  private record Seen(BitSet done, State state) {}

  private History(List<Step> steps) {
    this.steps = steps;
  }

  static boolean isLinearizable(List<Step> steps) {
    return new History(steps).explained(new BitSet(), new State(0, false));
  }

  private boolean explained(BitSet done, State state) {
    long firstEnd = Long.MAX_VALUE;
    boolean open = false;
    for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
      if (steps.get(i).known()) {
        open = true;
        firstEnd = Math.min(firstEnd, steps.get(i).ended());
      }
    }
    if (!open) {
      return true; // what is left may never have happened
    }
    if (!seen.add(new Seen((BitSet) done.clone(), state))) {
      return false;
    }
    for (int i = done.nextClearBit(0); i < steps.size(); i = done.nextClearBit(i + 1)) {
      Step step = steps.get(i);
      if (step.begun() <= firstEnd && isPossible(step, state)) {
        done.set(i);
        if (explained(done, after(step, state))) {
          return true;
        }
        done.clear(i);
      }
    }
    return false;
  }

  private static boolean isPossible(Step step, State state) {
    boolean present = state.version() != 0;
    return switch (step.kind()) {
      case ENROLLED -> !present || (step.known() && state.version() == step.version());
      case REFUSED -> present && state.version() != step.version();
      case DELETED -> step.known() ? state.everWas() : present;
      case NEVER_WAS -> !state.everWas();
      case READ -> state.version() == step.version();
    };
  }

  private static State after(Step step, State state) {
    return switch (step.kind()) {
      case ENROLLED -> new State(step.version(), true);
      case DELETED -> new State(0, true);
      case REFUSED, NEVER_WAS, READ -> state;
    };
  }
}
