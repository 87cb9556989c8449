package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.gallery.scan.ScanGallery;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import io.milvus.v2.common.ConsistencyLevel;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The gallery of a gateway that shares Milvus with others. */
public final class MilvusGallery implements Gallery {
  /*
   * Two parts. Milvus holds all changes of the ledger up to a position, the settled one; the tail, an
   * exact scan in this gateway's memory, holds those after it. A search asks both. So a face is found
   * as soon as this gateway has followed the ledger, by exact comparison, whether Milvus has heard of
   * it or not, has indexed it or not, and at whatever consistency it is asked: Milvus is only asked
   * for what it has held for some time. Enrolments wait for the tail, never for Milvus.
   *
   * Settling. One gateway at a time, under the ledger's lock, carries what is after the settled
   * position to Milvus (Settling). The position lies in Milvus beside the data. All gateways read it
   * now and then, and let go of what has been settled; not at once, because a search that asked the
   * tail a moment ago must not find the face gone there and not yet visible in Milvus. The tail is
   * asked first for the same reason.
   *
   * Deletions. A face that was deleted is taken out of the tail, and hidden, if Milvus may have it,
   * until the deletion is settled.
   *
   * Late writers. Rows are known by the number of an enrolment. A gateway that was stopped in the
   * middle of settling and goes on after another has taken over writes rows that are right or that no
   * living face refers to, and finds its lock gone before it would write the position.
   */
  private final MilvusIndex index;
  private final ScanGallery tail = ScanGallery.inMemory();
  private final Hidden hidden = new Hidden();
  private final MilvusSettings.Tail limits;
  private final Settling settling;
  private final Map<Long, FaceCollection> opened = new ConcurrentHashMap<>();

  /** Collections that are no more, and that Milvus may still have; their numbers are not reused. */
  private final Set<Long> dropped = ConcurrentHashMap.newKeySet();

  /** Faces that Milvus held up to the settled position, by collection. */
  private final Map<Long, Long> counts = new ConcurrentHashMap<>();

  private final Ledger ledger;

  /** -1 until Milvus was reached. */
  private volatile long followed = -1;

  /** Until the tail has come this far, it lacks faces that were enrolled before this start. */
  private volatile long complete;

  private volatile long settled;

  /** Starts to settle, as soon as there is something to be settled. */
  public MilvusGallery(MilvusSettings settings, Ledger ledger) {
    this.ledger = ledger;
    limits = settings.tail();
    index = new MilvusIndex(settings, ConsistencyLevel.BOUNDED);
    settling = new Settling(ledger, index, limits, this);
  }

  /** The settled position, when it is known for the first time; then how far the tail is. */
  @Override
  public long position() {
    if (followed < 0) {
      settled = index.refresh().position();
      complete = ledger.sequence();
      followed = settled;
      settling.start();
    }
    return followed;
  }

  @Override
  public void advance(long position) {
    hidden.advance(position);
    tail.advance(position);
    followed = position;
  }

  /** How far this gateway has followed the ledger. */
  long followed() {
    return followed;
  }

  @Override
  public void open(FaceCollection collection) {
    opened.put(collection.number(), collection);
    tail.open(collection);
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    if (unsettled() + entries.size() > limits.most()) {
      settling.hurry();
      throw new GalleryException(
          "%,d faces wait for Milvus; no more are taken in until it has taken some"
              .formatted(unsettled()));
    }
    tail.upsert(collection, entries);
  }

  /** Faces of the tail, those too that are settled and only kept for a while. */
  long unsettled() {
    return opened.values().stream().mapToLong(tail::count).sum();
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    tail.delete(collection, keys);
    hidden.add(collection.number(), keys);
  }

  /** Writes to Milvus what is settled, as the tail would let go of it. */
  @Override
  public void mend(FaceCollection collection, List<Entry> missing, List<Long> extra) {
    long position = settled;
    List<Entry> older = missing.stream().filter(entry -> entry.key() <= position).toList();
    List<Entry> newer = missing.stream().filter(entry -> entry.key() > position).toList();
    index.open(collection);
    if (!older.isEmpty()) {
      index.upsert(collection, older);
    }
    if (!newer.isEmpty()) {
      tail.upsert(collection, newer);
    }
    if (!extra.isEmpty()) {
      tail.delete(collection, extra);
      index.delete(collection, extra);
    }
    counts.remove(collection.number());
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    if (followed < 0) {
      throw new GalleryException("Milvus has not yet been reached");
    }
    if (followed < complete) {
      throw new GalleryException("the faces that Milvus does not have yet are still being read");
    }
    if (dropped.contains(collection.number())) {
      return List.of();
    }
    List<Hit> newer = tail.search(collection, query);
    Set<Long> gone = hidden.of(collection.number());
    int more = Math.min(query.limit() + gone.size(), FaceRows.MOST);
    List<Hit> older =
        index.search(
            collection,
            new Query(
                query.vector(),
                query.model(),
                Math.max(more, query.limit()),
                query.maxSquaredDistance(),
                query.among()));
    Map<Long, Hit> hits = new HashMap<>();
    Stream.concat(older.stream(), newer.stream())
        .filter(hit -> !gone.contains(hit.key()))
        .forEach(hit -> hits.put(hit.key(), hit));
    return hits.values().stream()
        .sorted(Comparator.comparingDouble(Hit::squaredDistance).thenComparingLong(Hit::key))
        .limit(query.limit())
        .toList();
  }

  @Override
  public long count(FaceCollection collection) {
    if (dropped.contains(collection.number())) {
      return 0;
    }
    long inMilvus =
        counts.computeIfAbsent(collection.number(), _ -> index.countUpTo(collection, settled));
    long behind = settled;
    return inMilvus + tail.countAfter(collection, behind) - hiddenInMilvus(collection, behind);
  }

  private long hiddenInMilvus(FaceCollection collection, long position) {
    return hidden.of(collection.number()).stream().filter(key -> key <= position).count();
  }

  /** Lets go of what Milvus has held for long enough. */
  void letGo(long position) {
    for (FaceCollection collection : opened.values()) {
      List<Long> old =
          tail.keys(collection, 0, Integer.MAX_VALUE).stream()
              .takeWhile(key -> key <= position)
              .toList();
      if (!old.isEmpty()) {
        tail.delete(collection, old);
      }
    }
    hidden.settled(position);
  }

  /** Another gateway, or this one, has settled up to here. */
  void settledTo(long position) {
    settled = position;
    counts.clear();
  }

  /** The settled position. */
  public long settledPosition() {
    return settled;
  }

  @Override
  public boolean isAnswering() {
    return followed >= 0 && index.isAnswering();
  }

  @Override
  public boolean settle(long sequence, Duration atMost) throws InterruptedException {
    return settling.settle(sequence, atMost);
  }

  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    if (dropped.contains(collection.number())) {
      return List.of();
    }
    Set<Long> gone = hidden.of(collection.number());
    long position = settled;
    List<Long> older =
        index.keys(collection, after, limit + gone.size()).stream()
            .filter(key -> key <= position && !gone.contains(key))
            .toList();
    return Stream.concat(
            older.stream(), tail.keys(collection, Math.max(after, position), limit).stream())
        .limit(limit)
        .toList();
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return settling.draft(collection);
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return settling.kept(collection);
  }

  @Override
  public void drop(long collection) {
    dropped.add(collection);
    opened.remove(collection);
    tail.drop(collection);
    hidden.drop(collection);
    counts.remove(collection);
  }

  @Override
  public void forget() {
    index.forget();
    List.copyOf(opened.keySet()).forEach(this::drop);
    followed = -1;
  }

  @Override
  public void close() {
    settling.close();
    index.close();
    tail.close();
  }
}
