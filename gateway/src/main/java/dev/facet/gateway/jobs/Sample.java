package dev.facet.gateway.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** So many of all that is offered, each with the same chance (algorithm R). */
final class Sample<T> {
  private final int size;
  private final List<T> chosen = new ArrayList<>();
  private long offered;

  Sample(int size) {
    this.size = size;
  }

  void offer(T item) {
    offered++;
    if (chosen.size() < size) {
      chosen.add(item);
      return;
    }
    long place = ThreadLocalRandom.current().nextLong(offered);
    if (place < size) {
      chosen.set((int) place, item);
    }
  }

  List<T> chosen() {
    return List.copyOf(chosen);
  }
}
