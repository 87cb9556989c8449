package dev.facet.bench;

import dev.facet.bench.GalleryReport.Row;
import dev.facet.bench.GalleryReport.Store;
import dev.facet.bench.GalleryUnderTest.Search;
import dev.facet.gateway.ledger.UnitVector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a store and asks it, the same for every store.
 *
 * @param vectors file of all rows
 * @param clients numbers of clients that are tried, the first of them 1
 * @param time how long each number of clients searches
 * @param note told what is done next
 */
record GalleryTrial(
    Path vectors,
    int rows,
    BitSet deleted,
    List<UnitVector> queries,
    Truth truth,
    double within,
    List<Integer> clients,
    Duration time,
    Consumer<String> note) {

  /** Hits of a search. */
  static final int LIMIT = 10;

  private static final double MIB = 1 << 20;

  Store run(Supplier<GalleryUnderTest> opened) {
    Memory before = Memory.now();
    try (GalleryUnderTest store = opened.get()) {
      long elsewhere = store.memoryElsewhere();
      long disk = store.disk();
      note.accept("%s: building".formatted(store.name()));
      double built = seconds(() -> build(store));
      store.delete(deleted);
      double started = started(store);
      List<Row> found = new ArrayList<>();
      for (int effort : store.efforts()) {
        note.accept("%s: searching, %s".formatted(store.name(), store.setting(effort)));
        found.add(row(store.setting(effort), store.search(effort)));
      }
      Memory after = Memory.now();
      return new Store(
          store.name(),
          store.description(),
          built,
          started,
          (after.heap() - before.heap()) / MIB,
          grown(before.outside(), after.outside(), store.memoryElsewhere() - elsewhere),
          (store.disk() - disk) / MIB,
          found);
    }
  }

  /** The vectors are mapped only meanwhile: they are not the store's. */
  private void build(GalleryUnderTest store) {
    try (VectorFile file = VectorFile.open(vectors, rows)) {
      store.build(file);
    }
  }

  private double started(GalleryUnderTest store) {
    return seconds(
        () -> {
          store.reopen();
          var _ = store.search(store.efforts().getFirst()).nearest(queries.getFirst(), LIMIT);
        });
  }

  private Row row(String setting, Search search) {
    // Not measured: the JIT has its say first, and a server may see deletions a little later.
    var _ = Load.of(search, queries, LIMIT, 1, time.dividedBy(2));
    List<int[]> answers = queries.stream().map(query -> search.nearest(query, LIMIT)).toList();
    Map<Integer, Double> queriesPerSecond = new TreeMap<>();
    Load alone = Load.of(search, queries, LIMIT, 1, time);
    queriesPerSecond.put(1, alone.queriesPerSecond());
    for (int number : clients) {
      if (number > 1) {
        queriesPerSecond.put(
            number, Load.of(search, queries, LIMIT, number, time).queriesPerSecond());
      }
    }
    return new Row(setting, Recall.of(answers, truth, within, LIMIT), alone, queriesPerSecond);
  }

  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static @Nullable Double grown(
      @Nullable Long before, @Nullable Long after, long elsewhere) {
    return before == null || after == null ? null : (after - before + elsewhere) / MIB;
  }
}
