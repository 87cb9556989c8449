package dev.facet.inference.serving;

import dev.facet.inference.serving.LiveModel.State;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The models that a service has open, by name and version; they change while calls use them. */
public final class LiveModels<M> implements AutoCloseable {

  /*
   * What. A call leases a model, uses it and returns the lease. A load opens a version beside the
   * one that has the name, and switches the name over when it is open; an unload takes a version
   * out. What was taken out, or was replaced, is closed when the last call has returned it.
   *
   * Names. NAME is the current version of a model, NAME@VERSION that one, no name the current
   * version of the default model, which is the first that was loaded until a load says otherwise.
   * The default always has a version. When the current version is unloaded, the one of that name
   * that was loaded last takes over, if one was kept.
   *
   * Life. LOADING: the opener runs; nobody can have it. SERVING: to be had. DRAINING: those who have
   * it keep it, nobody else can have it. A slot leaves the list when its model is closed, or when
   * its opener failed. At most one version of a name is loading: a second load is refused, and so is
   * one of a version that still drains, because two of one name and version would be told apart by
   * nobody.
   *
   * Guarantees.
   *  - A lease is of an open model, which is not closed before the lease is returned. The one
   *    exception is the end of the service: close() waits for nobody, and the models themselves
   *    refuse calls once they are closed.
   *  - Between two looks at a name there is no moment without a version: the switch is one write.
   *  - A load that fails changes nothing.
   *  - Every model that was opened is closed exactly once.
   *
   * Threads. The opener runs on the thread that loads. Each retired model is closed by a short-lived
   * platform thread of its own, so that no call pays for the closing of a model that it happened to
   * return last, and no virtual thread is pinned by it.
   *
   * Locking. One lock guards everything; it is never held while a model is opened or closed. A lease
   * costs two short locks, which is nothing beside a run. Why not an atomic count in each slot: a
   * call would read the name, and the version it found could be retired and closed before the count
   * goes up. Finding the slot and counting the lease have to be one step, as have counting down and
   * seeing that it was the last.
   */

  private final Consumer<? super M> closer;
  private final Supplier<OptionalLong> residentBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final Roster<M> roster = new Roster<>();
  private boolean closed;

  /**
   * No models yet.
   *
   * @param closer closes a model; throws nothing
   * @param residentBytes the process's memory, asked before and after each load
   */
  public LiveModels(Consumer<? super M> closer, Supplier<OptionalLong> residentBytes) {
    this.closer = closer;
    this.residentBytes = residentBytes;
  }

  /**
   * Lets the caller have a model until it closes the lease.
   *
   * @throws ModelNotLoadedException if there is none of that name and version
   * @throws ModelsClosedException if the service is ending
   */
  public Lease<M> lease(ModelReference wanted) {
    lock.lock();
    try {
      requireOpen();
      Slot<M> slot = roster.find(wanted);
      slot.borrow();
      return new Lease<>(this, slot);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a version and gives it the name; a version that is open already only gets the name.
   *
   * @param opener returns the model ready for calls, or throws and leaves nothing behind
   * @return the version in service
   * @throws ModelBusyException if one of that name is loading, or this one drains
   * @throws ModelsClosedException if the service is ending
   */
  public LiveModel<M> load(
      ModelVersion version, LoadOptions options, Supplier<? extends M> opener) {
    Slot<M> slot = new Slot<>(version);
    lock.lock();
    try {
      requireOpen();
      Optional<Slot<M>> open = roster.admit(version);
      if (open.isPresent()) {
        return switchTo(open.get(), options);
      }
      roster.add(slot);
    } finally {
      lock.unlock();
    }
    OptionalLong before = residentBytes.get();
    M model;
    try {
      model = opener.get();
    } catch (Throwable failure) {
      forget(slot);
      throw failure;
    }
    return publish(slot, model, new MemoryChange(before, residentBytes.get()), options);
  }

  /**
   * Takes a version out; returns at once.
   *
   * @return the version meant
   * @throws ModelNotLoadedException if there is none of that name and version
   * @throws ModelInUseException if it is the only version of the default model
   * @throws ModelsClosedException if the service is ending
   */
  public ModelVersion unload(ModelReference unwanted) {
    lock.lock();
    try {
      requireOpen();
      Slot<M> slot = roster.find(unwanted);
      roster.release(slot);
      retire(slot);
      return slot.version();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a version that was taken out is closed. */
  public void awaitClosed(ModelVersion version) throws InterruptedException {
    lock.lock();
    try {
      while (roster.in(State.DRAINING).stream().anyMatch(slot -> slot.version().equals(version))) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** All versions there are, the default first. */
  public List<LiveModel<M>> all() {
    lock.lock();
    try {
      return roster.snapshots();
    } finally {
      lock.unlock();
    }
  }

  /** Closes all models without waiting for leases, and returns when they are closed. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      roster.in(State.SERVING).forEach(this::retire);
      changed.signalAll();
      while (!roster.in(State.DRAINING).isEmpty()) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  void giveBack(Lease<M> lease) {
    lock.lock();
    try {
      if (lease.giveBack()) {
        lease.slot().giveBack();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private LiveModel<M> publish(Slot<M> slot, M model, MemoryChange memory, LoadOptions options) {
    lock.lock();
    try {
      if (!closed) {
        slot.serve(model, memory);
        return switchTo(slot, options);
      }
      roster.remove(slot);
    } finally {
      lock.unlock();
    }
    closer.accept(model);
    throw new ModelsClosedException("the models are closed");
  }

  private LiveModel<M> switchTo(Slot<M> slot, LoadOptions options) {
    roster.switchTo(slot, options).ifPresent(this::retire);
    return roster.snapshot(slot);
  }

  private void retire(Slot<M> slot) {
    slot.drain();
    Thread.ofPlatform().daemon().name("close-" + slot.version()).start(() -> drainAndClose(slot));
  }

  private void drainAndClose(Slot<M> slot) {
    M model;
    lock.lock();
    try {
      while (slot.leases() > 0 && !closed) {
        changed.awaitUninterruptibly();
      }
      model = slot.model();
    } finally {
      lock.unlock();
    }
    try {
      closer.accept(model);
    } finally {
      forget(slot);
    }
  }

  private void forget(Slot<M> slot) {
    lock.lock();
    try {
      roster.remove(slot);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ModelsClosedException("the models are closed");
    }
  }
}
