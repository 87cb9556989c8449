package dev.facet.bench;

import dev.facet.gateway.ledger.UnitVector;
import java.util.BitSet;
import java.util.List;

/** A store of vectors as the measurement sees it; one thread builds it, several search it. */
interface GalleryUnderTest extends AutoCloseable {

  /** One word. */
  String name();

  /** What it is, with versions and what is set, on one line. */
  String description();

  /** How hard a search may try: numbers that mean something to the store alone. */
  List<Integer> efforts();

  /** What such a number is in the store, such as {@code ef 64}. */
  String setting(int effort);

  /** Puts all rows in, and returns when searches are as good as they will be. */
  void build(VectorFile vectors);

  void delete(BitSet rows);

  /** Closes the store and opens it again from what is on disk, so that searches are answered. */
  void reopen();

  /** Searches with the effort; any thread may use it until the store is closed or opened again. */
  Search search(int effort);

  /** Bytes of its files; 0 where that is not known. */
  long disk();

  /** Bytes of memory that other processes hold for it; 0 where there are none. */
  long memoryElsewhere();

  @Override
  void close();

  /** One way to search. */
  interface Search {
    /** Rows, the nearest first. */
    int[] nearest(UnitVector query, int limit);
  }
}
