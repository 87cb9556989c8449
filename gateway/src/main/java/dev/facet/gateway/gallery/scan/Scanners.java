package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The threads that scan. A search of a large shelf is split among them; small ones run on the
 * caller's thread, because waking another costs as much as they do.
 */
final class Scanners implements AutoCloseable {
  private static final int LARGE = 200_000;

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
    View view = shelf.view();
    if (query.among().isPresent()) {
      FaceKeys among = query.among().get();
      if (among.size() <= view.count() / RARE + Block.FACES) {
        Shelf.Located faces = shelf.locate(among.stream());
        return new ShelfScan(faces.view(), query).nearest(Arrays.stream(faces.slots()));
      }
    }
    ShelfScan scan = new ShelfScan(view, query);
    int blocks = view.usedBlocks();
    Stream<Hit> hits =
        view.count() < LARGE || threads == 1
            ? scan.nearest(0, blocks)
            : together(scan, blocks).stream();
    return Nearest.first(hits, query.limit());
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
