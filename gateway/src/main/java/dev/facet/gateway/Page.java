package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * One page of a listing.
 *
 * @param nextToken asks for the page after; empty on the last one
 */
record Page<T>(List<T> items, String nextToken) {
  private static final int STANDARD_SIZE = 100;
  private static final int LARGEST_SIZE = 1_000;

  static void check(RequestChecks checks, int pageSize) {
    checks.count("page_size", pageSize, 0, LARGEST_SIZE);
  }

  /**
   * Reads a page, and one item more to know whether it is the last.
   *
   * @param pageSize as checked; 0 is the standard size
   * @param read gives at most as many items as it is asked for
   * @param position of an item, after which the next page begins
   */
  static <T> Page<T> read(
      int pageSize, PageTokens tokens, IntFunction<List<T>> read, Function<T, String> position) {
    int size = pageSize == 0 ? STANDARD_SIZE : pageSize;
    List<T> items = read.apply(size + 1);
    if (items.size() <= size) {
      return new Page<>(items, "");
    }
    List<T> page = items.subList(0, size);
    return new Page<>(page, tokens.after(position.apply(page.getLast())));
  }
}
