package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.Draft;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceCollection;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.ConsistencyLevel;
import io.milvus.v2.service.utility.request.AlterAliasReq;
import io.milvus.v2.service.utility.request.CreateAliasReq;
import io.milvus.v2.service.utility.request.DropAliasReq;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Faces in Milvus: one Milvus collection for each of Facet's, behind an alias.
 *
 * <p>No partition key: with one, Milvus before 2.3.11 puts updated rows where searches miss them.
 * Names are {@code <prefix>_<number>_<generation>}, aliases {@code <prefix>_<number>}, and which
 * generation serves stands in {@link IndexState}, too.
 *
 * <p>A row is written once. Milvus replaces a row by deleting it and writing another, and has been
 * seen to lose such a deletion beside a flush: then it counts the face twice, and a search gives it
 * twice. So nothing is written that may be there before it was looked for.
 *
 * <p>Searches go through a circuit breaker. Milvus's own word for its health is not asked: it calls
 * itself well minutes before it answers.
 */
public final class MilvusIndex implements Gallery {
  private static final Comparator<Hit> ORDER =
      Comparator.comparingDouble(Hit::squaredDistance).thenComparingLong(Hit::key);

  /** Pauses between attempts double from the one to the other. */
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

  /** Attempts of a write that Milvus finds too early: half a minute. */
  private static final int PATIENT_ATTEMPTS = 10;

  /** Searches of one filter by keys: the filter travels with each. */
  private static final int AMONG = 5_000;

  private final MilvusSettings settings;
  private final ConsistencyLevel consistency;
  private final String stateName;
  private final MilvusConnection searches;
  private final MilvusConnection writes;
  private final SearchBreaker breaker;

  /** As it was read, or written, last. */
  private volatile @Nullable IndexState state;

  /**
   * Connects when it is first asked.
   *
   * @param consistency of searches
   */
  public MilvusIndex(MilvusSettings settings, ConsistencyLevel consistency) {
    this.settings = settings;
    this.consistency = consistency;
    stateName = settings.server().prefix() + "_state";
    searches = new MilvusConnection(settings.server(), settings.calls().search());
    writes = new MilvusConnection(settings.server(), settings.calls().write());
    breaker = new SearchBreaker(settings.calls(), System::nanoTime);
  }

  /** Reads anew what other gateways have written. */
  IndexState refresh() {
    IndexState read =
        writes.call(
            "say what it holds",
            milvus -> {
              if (!FaceRows.exists(milvus, stateName)) {
                IndexState.create(milvus, stateName);
              }
              IndexState.load(milvus, stateName);
              return IndexState.read(milvus, stateName);
            });
    state = read;
    return read;
  }

  private IndexState state() {
    IndexState known = state;
    return known == null ? refresh() : known;
  }

  private Optional<IndexState.Place> place(long collection) {
    return Optional.ofNullable(state().places().get(collection));
  }

  private void remember(long collection, IndexState.@Nullable Place place) {
    IndexState known = state();
    Map<Long, IndexState.Place> places = new HashMap<>(known.places());
    if (place == null) {
      places.remove(collection);
    } else {
      places.put(collection, place);
    }
    state = new IndexState(known.position(), known.reached(), Map.copyOf(places));
  }

  private String alias(long collection) {
    return settings.server().prefix() + "_" + collection;
  }

  private String name(long collection, long generation) {
    return alias(collection) + "_" + generation;
  }

  @Override
  public void open(FaceCollection collection) {
    long number = collection.number();
    writes.call(
        "open a collection",
        milvus -> {
          Optional<IndexState.Place> place = place(number);
          String name = name(number, place.map(IndexState.Place::generation).orElse(1L));
          if (place.isEmpty()) {
            fresh(milvus, name, collection.dimension());
            point(milvus, number, name);
            write(milvus, number, new IndexState.Place(1, 0, 0));
          } else if (!FaceRows.exists(milvus, name)) {
            throw new GalleryException("Milvus has lost " + name + ": rebuild the gallery");
          } else {
            FaceRows.requireOurs(milvus, name, collection.dimension());
            FaceRows.load(milvus, name, settings.index());
          }
          return name;
        });
  }

  private void fresh(MilvusClientV2 milvus, String name, int dimension) {
    if (FaceRows.exists(milvus, name)) {
      FaceRows.drop(milvus, name); // begun by a gateway that did not come to write it down
    }
    FaceRows.create(milvus, name, dimension, settings.index());
  }

  private void write(MilvusClientV2 milvus, long collection, IndexState.Place place) {
    IndexState.write(milvus, stateName, collection, place);
    remember(collection, place);
  }

  /** Makes the alias name this copy. */
  private void point(MilvusClientV2 milvus, long collection, String name) {
    String alias = alias(collection);
    if (FaceRows.exists(milvus, alias)) {
      milvus.alterAlias(AlterAliasReq.builder().alias(alias).collectionName(name).build());
    } else {
      milvus.createAlias(CreateAliasReq.builder().alias(alias).collectionName(name).build());
    }
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    entries.forEach(entry -> collection.requireDimension(entry.vector()));
    upsertMissing(served(collection), entries);
  }

  /**
   * Writes down that somebody sets out to write up to here. What is known of it changes with the
   * next {@link #refresh}, so that the writer asks for the rows of others and not for its own.
   */
  void reach(long position) {
    if (position > state().reached()) {
      insist(
          "write down what it may hold",
          milvus -> {
            IndexState.writeReached(milvus, stateName, position);
            return position;
          });
    }
  }

  private String served(FaceCollection collection) {
    long generation =
        place(collection.number())
            .orElseThrow(() -> new GalleryException("the collection is not open"))
            .generation();
    return name(collection.number(), generation);
  }

  /** Leaves alone what an interrupted writer, or the maker of a copy, may have written before. */
  private void upsertMissing(String name, List<Entry> entries) {
    long reached = state().reached();
    List<Entry> doubtful = entries.stream().filter(entry -> entry.key() <= reached).toList();
    List<Entry> certain = entries.stream().filter(entry -> entry.key() > reached).toList();
    upsert(name, missing(name, doubtful));
    upsert(name, certain);
  }

  private List<Entry> missing(String name, List<Entry> entries) {
    return entries.isEmpty()
        ? entries
        : insist("look for faces", milvus -> missing(milvus, name, entries));
  }

  private static List<Entry> missing(MilvusClientV2 milvus, String name, List<Entry> entries) {
    Set<Long> there = new HashSet<>();
    for (String filter : filters(entries.stream().map(Entry::key).toList())) {
      there.addAll(FaceRows.keys(milvus, name, filter));
    }
    return entries.stream().filter(entry -> !there.contains(entry.key())).toList();
  }

  private void upsert(String name, List<Entry> entries) {
    int batch = settings.calls().batch();
    for (int from = 0; from < entries.size(); from += batch) {
      List<Entry> some = entries.subList(from, Math.min(from + batch, entries.size()));
      AtomicBoolean tried = new AtomicBoolean(); // an attempt that failed may have been heard
      insist(
          "write faces",
          milvus -> {
            List<Entry> left = tried.getAndSet(true) ? missing(milvus, name, some) : some;
            if (!left.isEmpty()) {
              FaceRows.upsert(milvus, name, left);
            }
            return left;
          });
    }
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    delete(served(collection), keys);
  }

  private void delete(String name, List<Long> keys) {
    insist(
        "delete faces",
        milvus -> {
          FaceRows.delete(milvus, name, keys);
          return keys;
        });
  }

  /** Several attempts, each with a request of its own; writes may be repeated. */
  private <T> T insist(String what, Function<MilvusClientV2, T> request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return writes.call(what, request);
      } catch (GalleryException e) {
        int most =
            MilvusConnection.isRateLimited(e)
                ? Math.max(PATIENT_ATTEMPTS, settings.calls().attempts())
                : settings.calls().attempts();
        if (attempt >= most || !paused(attempt)) {
          throw e;
        }
      }
    }
  }

  /** False when the thread was told to end. */
  private static boolean paused(int attempts) {
    long nanos = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE << Math.min(attempts - 1, 10));
    long end = System.nanoTime() + nanos;
    while (!Thread.currentThread().isInterrupted() && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
    return !Thread.currentThread().isInterrupted();
  }

  /** Makes all that was written to the collection part of the index. */
  void settle(FaceCollection collection, Runnable meanwhile) throws InterruptedException {
    settle(served(collection), meanwhile);
  }

  private void settle(String name, Runnable meanwhile) throws InterruptedException {
    try {
      writes.call(
          "flush",
          milvus -> {
            try {
              FaceRows.settle(milvus, name, settings.calls().write(), meanwhile);
              return name;
            } catch (InterruptedException e) {
              throw new Interrupted(e);
            }
          });
    } catch (GalleryException e) {
      if (e.getCause() instanceof Interrupted interrupted) {
        throw interrupted.original;
      }
      throw e;
    }
  }

  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;
    final InterruptedException original;

    Interrupted(InterruptedException original) {
      super(original);
      this.original = original;
    }
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    requireOfItsKind(collection, query);
    return place(collection.number()).isEmpty()
        ? List.of()
        : search(alias(collection.number()), query);
  }

  private static void requireOfItsKind(FaceCollection collection, Query query) {
    collection.requireModel(query.model());
    collection.requireDimension(query.vector());
  }

  private List<Hit> search(String name, Query query) {
    List<String> filters =
        query.among().map(keys -> filters(keys.stream().boxed().toList())).orElse(List.of(""));
    List<Hit> hits = new ArrayList<>();
    for (String filter : filters) {
      hits.addAll(
          breaker.guard(
              () ->
                  searches.call(
                      "search",
                      milvus ->
                          FaceRows.search(
                              milvus,
                              name,
                              query.vector(),
                              Math.min(query.limit(), FaceRows.MOST),
                              settings.index().ef(),
                              filter,
                              consistency))));
    }
    return hits.stream()
        .filter(hit -> hit.squaredDistance() <= query.maxSquaredDistance())
        .sorted(ORDER)
        .limit(query.limit())
        .toList();
  }

  private static List<String> filters(List<Long> keys) {
    List<String> filters = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += AMONG) {
      filters.add(FaceRows.among(keys.subList(from, Math.min(from + AMONG, keys.size()))));
    }
    return filters;
  }

  /** Whether searches are let through now. */
  @Override
  public boolean isAnswering() {
    return breaker.isClosed();
  }

  @Override
  public long count(FaceCollection collection) {
    return place(collection.number()).isEmpty() ? 0 : count(alias(collection.number()), "");
  }

  private long count(String name, String filter) {
    return writes.call("count", milvus -> FaceRows.count(milvus, name, filter));
  }

  /** How many of the faces have keys up to this one. */
  long countUpTo(FaceCollection collection, long key) {
    return place(collection.number()).isEmpty()
        ? 0
        : count(alias(collection.number()), FaceRows.KEY + " <= " + key);
  }

  /** Milvus gives rows in no order, so ranges of keys are asked for that cannot hold too many. */
  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    if (place(collection.number()).isEmpty()) {
      return List.of();
    }
    String name = alias(collection.number());
    List<Long> keys = new ArrayList<>();
    long from = after;
    long left = count(name, FaceRows.KEY + " > " + after);
    while (left > 0 && keys.size() < limit && from < Long.MAX_VALUE) {
      long to = from + FaceRows.MOST - 1 < from ? Long.MAX_VALUE : from + FaceRows.MOST - 1;
      String range = FaceRows.KEY + " > " + from + " and " + FaceRows.KEY + " <= " + to;
      List<Long> some = writes.call("list faces", milvus -> FaceRows.keys(milvus, name, range));
      keys.addAll(some);
      left -= some.size();
      from = some.isEmpty() ? nextOccupied(name, to) : to;
    }
    return keys.size() > limit ? List.copyOf(keys.subList(0, limit)) : keys;
  }

  /** Skips a gap in the keys by halves: a key that none of the wanted ones lies below. */
  private long nextOccupied(String name, long after) {
    long from = after;
    long to = Long.MAX_VALUE;
    while (to - from > FaceRows.MOST) {
      long middle = from + (to - from) / 2;
      String range = FaceRows.KEY + " > " + from + " and " + FaceRows.KEY + " <= " + middle;
      if (count(name, range) > 0) {
        to = middle;
      } else {
        from = middle;
      }
    }
    return from;
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return draft(collection, () -> {});
  }

  /**
   * A draft.
   *
   * @param meanwhile see {@link FaceRows#settle}
   */
  Draft draft(FaceCollection collection, Runnable meanwhile) {
    long number = collection.number();
    long generation = 1 + place(number).map(p -> Math.max(p.generation(), p.kept())).orElse(0L);
    String name = name(number, generation);
    writes.call(
        "begin a copy",
        milvus -> {
          fresh(milvus, name, collection.dimension());
          return name;
        });
    return new Copy(collection, generation, 0, true, meanwhile);
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return kept(collection, () -> {});
  }

  /**
   * The copy that was replaced.
   *
   * @param meanwhile see {@link FaceRows#settle}
   */
  Optional<Draft> kept(FaceCollection collection, Runnable meanwhile) {
    return place(collection.number())
        .filter(place -> place.kept() > 0)
        .map(place -> new Copy(collection, place.kept(), place.followed(), false, meanwhile));
  }

  @Override
  public void drop(long collection) {
    Optional<IndexState.Place> place = place(collection);
    if (place.isEmpty()) {
      return;
    }
    writes.call(
        "drop a collection",
        milvus -> {
          if (FaceRows.exists(milvus, alias(collection))) {
            milvus.dropAlias(DropAliasReq.builder().alias(alias(collection)).build());
          }
          for (long generation : new long[] {place.get().generation(), place.get().kept()}) {
            dropCopy(milvus, collection, generation);
          }
          IndexState.remove(milvus, stateName, collection);
          return collection;
        });
    remember(collection, null);
  }

  private void dropCopy(MilvusClientV2 milvus, long collection, long generation) {
    if (generation > 0 && FaceRows.exists(milvus, name(collection, generation))) {
      FaceRows.drop(milvus, name(collection, generation));
    }
  }

  @Override
  public long position() {
    return state().position();
  }

  @Override
  public void advance(long position) {
    insist(
        "write its position down",
        milvus -> {
          IndexState.writePosition(milvus, stateName, position);
          return position;
        });
    state = new IndexState(position, state().reached(), state().places());
  }

  @Override
  public void forget() {
    List.copyOf(state().places().keySet()).forEach(this::drop);
    advance(0);
  }

  @Override
  public void close() {
    searches.close();
    writes.close();
  }

  /** Another generation of a collection. */
  private final class Copy implements Draft {
    private final FaceCollection collection;
    private final long generation;
    private final long followed;

    /** Nobody has written to it before. */
    private final boolean fresh;

    private final Runnable meanwhile;
    private final String name;

    Copy(
        FaceCollection collection,
        long generation,
        long followed,
        boolean fresh,
        Runnable meanwhile) {
      this.collection = collection;
      this.generation = generation;
      this.followed = followed;
      this.fresh = fresh;
      this.meanwhile = meanwhile;
      name = name(collection.number(), generation);
    }

    @Override
    public long followed() {
      return followed;
    }

    @Override
    public void upsert(List<Entry> entries) {
      entries.forEach(entry -> collection.requireDimension(entry.vector()));
      if (fresh) {
        MilvusIndex.this.upsert(name, entries);
      } else {
        upsertMissing(name, entries);
      }
    }

    @Override
    public void delete(List<Long> keys) {
      MilvusIndex.this.delete(name, keys);
    }

    @Override
    public void finish() {
      try {
        settle(name, meanwhile);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new GalleryException("the copy was not finished", e);
      }
    }

    @Override
    public List<Hit> search(Query query) {
      requireOfItsKind(collection, query);
      return MilvusIndex.this.search(name, query);
    }

    @Override
    public long count() {
      return MilvusIndex.this.count(name, "");
    }

    @Override
    public void publish(long filled) {
      long number = collection.number();
      reach(filled);
      Optional<IndexState.Place> served = place(number);
      writes.call(
          "change copies",
          milvus -> {
            point(milvus, number, name);
            long before = served.map(IndexState.Place::generation).orElse(0L);
            write(milvus, number, new IndexState.Place(generation, before, position()));
            served
                .filter(place -> place.kept() != generation)
                .ifPresent(place -> dropCopy(milvus, number, place.kept()));
            return name;
          });
    }

    @Override
    public void close() {
      long number = collection.number();
      Optional<IndexState.Place> served = place(number);
      if (served.isPresent() && served.get().generation() == generation) {
        return;
      }
      writes.call(
          "remove a copy",
          milvus -> {
            dropCopy(milvus, number, generation);
            if (served.isPresent() && served.get().kept() == generation) {
              write(milvus, number, new IndexState.Place(served.get().generation(), 0, 0));
            }
            return name;
          });
    }
  }
}
