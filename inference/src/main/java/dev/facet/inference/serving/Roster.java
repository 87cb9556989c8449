package dev.facet.inference.serving;

import dev.facet.inference.serving.LiveModel.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which versions there are, and what each name means; every access is guarded by the lock of its
 * {@link LiveModels}.
 */
final class Roster<M> {
  private final List<Slot<M>> slots = new ArrayList<>(); // in the order of their loads
  private final Map<String, Slot<M>> current = new HashMap<>();
  private String standard = ""; // name of the default model; empty before the first load

  /**
   * The version that is meant.
   *
   * @throws ModelNotLoadedException if no call can have it
   */
  Slot<M> find(ModelReference wanted) {
    String name = wanted.name().isEmpty() ? standard : wanted.name();
    Optional<Slot<M>> found =
        wanted.version().isEmpty()
            ? Optional.ofNullable(current.get(name))
            : serving(name).filter(slot -> wanted.allows(slot.version())).findFirst();
    return found.orElseThrow(
        () ->
            new ModelNotLoadedException(
                "%s is not served here; there are: %s".formatted(wanted, names())));
  }

  /**
   * The version if it is open, nothing if it may be loaded.
   *
   * @throws ModelBusyException if neither
   */
  Optional<Slot<M>> admit(ModelVersion version) {
    for (Slot<M> slot : slots) {
      if (slot.state() == State.LOADING && slot.version().name().equals(version.name())) {
        throw new ModelBusyException(slot.version() + " is being loaded");
      }
      if (slot.state() == State.DRAINING && slot.version().equals(version)) {
        throw new ModelBusyException(version + " is still being unloaded");
      }
    }
    return serving(version.name()).filter(slot -> slot.version().equals(version)).findFirst();
  }

  void add(Slot<M> slot) {
    slots.add(slot);
  }

  void remove(Slot<M> slot) {
    slots.remove(slot);
  }

  /** Gives a version its name; returns the one that had it and is not to be kept. */
  Optional<Slot<M>> switchTo(Slot<M> slot, LoadOptions options) {
    String name = slot.version().name();
    Slot<M> previous = current.put(name, slot);
    if (standard.isEmpty() || options.makeDefault()) {
      standard = name;
    }
    return Optional.ofNullable(previous)
        .filter(before -> before != slot && !options.keepPrevious());
  }

  /**
   * Takes the name from a version that is to go, if it has it.
   *
   * @throws ModelInUseException if it is the only version of the default model
   */
  void release(Slot<M> slot) {
    String name = slot.version().name();
    if (current.get(name) != slot) {
      return;
    }
    Optional<Slot<M>> heir = serving(name).filter(other -> other != slot).reduce((_, last) -> last);
    if (heir.isEmpty() && name.equals(standard)) {
      throw new ModelInUseException(
          "%s is the only version of the default model".formatted(slot.version()));
    }
    heir.ifPresentOrElse(next -> current.put(name, next), () -> current.remove(name));
  }

  /** Those in a state. */
  List<Slot<M>> in(State state) {
    return slots.stream().filter(slot -> slot.state() == state).toList();
  }

  LiveModel<M> snapshot(Slot<M> slot) {
    return slot.snapshot(current.get(slot.version().name()) == slot, isStandard(slot));
  }

  /** All of them, the default first. */
  List<LiveModel<M>> snapshots() {
    return Stream.concat(
            slots.stream().filter(this::isStandard),
            slots.stream().filter(slot -> !isStandard(slot)))
        .map(this::snapshot)
        .toList();
  }

  private Stream<Slot<M>> serving(String name) {
    return in(State.SERVING).stream().filter(slot -> slot.version().name().equals(name));
  }

  private boolean isStandard(Slot<M> slot) {
    return current.get(standard) == slot;
  }

  private String names() {
    return in(State.SERVING).stream()
        .map(slot -> slot.version().toString())
        .collect(Collectors.joining(", "));
  }
}
