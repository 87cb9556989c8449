package dev.facet.inference.serving;

import dev.facet.inference.serving.LiveModel.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A version with its state; every access is guarded by the lock of its {@link LiveModels}. */
final class Slot<M> {
  private final ModelVersion version;
  private State state = State.LOADING;
  private @Nullable M model;
  private MemoryChange memory = MemoryChange.UNKNOWN;
  private int leases;

  Slot(ModelVersion version) {
    this.version = version;
  }

  ModelVersion version() {
    return version;
  }

  State state() {
    return state;
  }

  M model() {
    if (model == null) {
      throw new IllegalStateException(version + " is not open yet");
    }
    return model;
  }

  int leases() {
    return leases;
  }

  void serve(M opened, MemoryChange change) {
    model = opened;
    memory = change;
    state = State.SERVING;
  }

  void drain() {
    state = State.DRAINING;
  }

  void borrow() {
    leases++;
  }

  void giveBack() {
    leases--;
  }

  LiveModel<M> snapshot(boolean current, boolean standard) {
    return new LiveModel<>(
        version, state, current, standard, leases, Optional.ofNullable(model), memory);
  }
}
