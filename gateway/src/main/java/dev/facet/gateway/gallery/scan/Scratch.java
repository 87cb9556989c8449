package dev.facet.gateway.gallery.scan;

import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Memory of one part of a search, used again by the next: made anew it costs as much as its use.
 */
final class Scratch {
  private static final ConcurrentLinkedQueue<Scratch> FREE = new ConcurrentLinkedQueue<>();

  private int[][] sums = new int[0][];

  private Scratch() {}

  static Scratch take() {
    Scratch free = FREE.poll();
    return free == null ? new Scratch() : free;
  }

  void giveBack() {
    FREE.add(this);
  }

  /** Sums of so many blocks, or more, with values of an earlier search. */
  int[][] sums(int blocks) {
    if (sums.length < blocks) {
      sums = new int[blocks][Block.FACES];
    }
    return sums;
  }
}
