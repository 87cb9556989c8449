package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * The threads that scan. A search of a large shelf is split among them; small ones run on the
 * caller's thread, because waking another costs as much as they do.
 */
final class Scanners implements AutoCloseable {
  private static final int LARGE = 200_000;

  /** Times a search is made when faces are removed during it. */
  private static final int ATTEMPTS = 3;

  /** A filter that lets fewer than one in so many pass is looked up face by face. */
  private static final int RARE = 16;

  private final int threads;
  private final ExecutorService pool;

  /**
   * Threads that wait for searches.
   *
   * @param threads 0 for as many as processors
   */
  Scanners(int threads) {
    this.threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    pool =
        Executors.newFixedThreadPool(
            this.threads, Thread.ofPlatform().daemon().name("scan-", 1).factory());
  }

  List<Hit> nearest(Shelf shelf, Query query) {
    for (int attempt = 1; ; attempt++) {
      Optional<Shelf.Located> few = few(shelf, query);
      View view = few.map(Shelf.Located::view).orElseGet(shelf::view);
      ShelfScan scan = new ShelfScan(view, query);
      List<Hit> hits =
          few.isPresent()
              ? scan.nearest(Arrays.stream(few.get().slots()))
              : Nearest.first(all(scan, view), query.limit());
      if (!scan.isLosing() || attempt == ATTEMPTS) {
        return hits;
      }
    }
  }

  private static Optional<Shelf.Located> few(Shelf shelf, Query query) {
    return query
        .among()
        .filter(among -> among.size() <= shelf.view().count() / RARE + Block.FACES)
        .map(among -> shelf.locate(among.stream()));
  }

  private Stream<Hit> all(ShelfScan scan, View view) {
    int blocks = view.usedBlocks();
    return view.count() < LARGE || threads == 1
        ? scan.nearest(0, blocks)
        : together(scan, blocks).stream();
  }

  private List<Hit> together(ShelfScan scan, int blocks) {
    List<Callable<List<Hit>>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int from = (int) ((long) blocks * i / threads);
      int to = (int) ((long) blocks * (i + 1) / threads);
      parts.add(() -> scan.nearest(from, to).toList());
    }
    try {
      List<Hit> hits = new ArrayList<>();
      for (Future<List<Hit>> part : pool.invokeAll(parts)) {
        hits.addAll(part.get());
      }
      return hits;
    } catch (RejectedExecutionException e) {
      throw new GalleryException("the gallery is closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GalleryException("the search was interrupted", e);
    } catch (ExecutionException e) {
      throw new GalleryException("the search failed", e);
    }
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
