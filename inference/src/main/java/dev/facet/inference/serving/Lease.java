package dev.facet.inference.serving;

/** A model for as long as a call uses it; it is not closed before the lease is. */
public final class Lease<M> implements AutoCloseable {
  private final LiveModels<M> models;
  private final Slot<M> slot;
  private final M model;
  private boolean returned; // guarded by the lock of models

  Lease(LiveModels<M> models, Slot<M> slot) {
    this.models = models;
    this.slot = slot;
    this.model = slot.model();
  }

  public M model() {
    return model;
  }

  /** Returns the model; a second time without effect. */
  @Override
  public void close() {
    models.giveBack(this);
  }

  Slot<M> slot() {
    return slot;
  }

  /** Whether this is the first time. */
  boolean giveBack() {
    boolean first = !returned;
    returned = true;
    return first;
  }
}
