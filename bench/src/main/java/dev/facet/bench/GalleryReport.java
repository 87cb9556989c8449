package dev.facet.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code facet bench gallery} found; the JSON document is of this shape. */
record GalleryReport(Machine machine, Contents contents, List<Store> stores) {

  /**
   * What was searched.
   *
   * @param factors from where the faces are
   * @param within squared distance up to which a face counts as near
   * @param near faces that near, of all queries together
   */
  record Contents(
      int vectors,
      int people,
      int dimension,
      int deleted,
      int queries,
      long seed,
      String factors,
      double within,
      long near) {}

  /**
   * One store.
   *
   * @param startSeconds from what is on disk to the first answer
   * @param heapMib more live objects than before it was built
   * @param outsideHeapMib more of the process in memory beside the heap than before, mapped files
   *     among it, after all searches, and what a server of the store's has; null where the system
   *     does not say
   * @param diskMib its files; 0 where it is not known where they are
   */
  record Store(
      String name,
      String description,
      double buildSeconds,
      double startSeconds,
      double heapMib,
      @Nullable Double outsideHeapMib,
      double diskMib,
      List<Row> rows) {}

  /**
   * One setting of a store.
   *
   * @param load what one client sees
   * @param queriesPerSecond by the number of clients
   */
  record Row(String setting, Recall recall, Load load, Map<Integer, Double> queriesPerSecond) {}
}
