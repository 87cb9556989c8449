package dev.facet.inference.batch;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/** A model that answers each item with itself, when the test lets it. */
final class GatedModel implements BatchModel<String, String> {

  private final Semaphore started = new Semaphore(0);
  private final Semaphore permitted = new Semaphore(0);
  private final Queue<List<String>> runs = new ConcurrentLinkedQueue<>();

  @Override
  public List<String> run(List<String> items) throws Exception {
    runs.add(items);
    started.release();
    permitted.acquire();
    if (items.contains("poison")) {
      throw new IllegalStateException("poison");
    }
    return items;
  }

  @Override
  public Object shape(String item) {
    return item.charAt(0);
  }

  /** Returns when one more run has started. */
  void awaitStart() throws InterruptedException {
    started.acquire();
  }

  /** Lets one run, under way or to come, end. */
  void permitOne() {
    permitted.release();
  }

  /** Lets every run end. */
  void permitAll() {
    permitted.release(1_000_000);
  }

  /** The items of each run, in the order the runs started. */
  List<List<String>> runs() {
    return List.copyOf(runs);
  }
}
