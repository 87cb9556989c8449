package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.Change;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies the ledger's changes to a gallery, opening collections as it meets them. */
public final class ChangeWriter {
  private final Ledger ledger;
  private final Gallery gallery;
  private final Map<Long, FaceCollection> opened = new HashMap<>();

  /** A writer that has opened nothing yet. */
  public ChangeWriter(Ledger ledger, Gallery gallery) {
    this.ledger = ledger;
    this.gallery = gallery;
  }

  /** Has one change of an enrolment at most, so the order between them does not matter. */
  public void apply(List<Change> page) {
    Map<Long, List<Entry>> enrolled = new HashMap<>();
    Map<Long, List<Long>> deleted = new HashMap<>();
    List<Long> dropped = new ArrayList<>();
    for (Change change : page) {
      switch (change) {
        case Change.Enrolled(long key, long number, _, var vector) ->
            enrolled.computeIfAbsent(number, _ -> new ArrayList<>()).add(new Entry(key, vector));
        case Change.Deleted(_, long number, _, long key) ->
            deleted.computeIfAbsent(number, _ -> new ArrayList<>()).add(key);
        case Change.Dropped(_, long number) -> dropped.add(number);
      }
    }
    enrolled.forEach((number, entries) -> open(number).ifPresent(c -> gallery.upsert(c, entries)));
    deleted.forEach((number, keys) -> open(number).ifPresent(c -> gallery.delete(c, keys)));
    for (long number : dropped) {
      gallery.drop(number);
      opened.remove(number);
    }
  }

  /** Empty when the collection was dropped meanwhile, which is a change still to come. */
  private Optional<FaceCollection> open(long number) {
    FaceCollection known = opened.get(number);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<FaceCollection> collection = ledger.collection(number);
    collection.ifPresent(
        c -> {
          gallery.open(c);
          opened.put(number, c);
        });
    return collection;
  }

  /** The collections that it has opened and that were not dropped since. */
  public Collection<FaceCollection> opened() {
    return opened.values();
  }
}
