package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.Hit;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The nearest slots of a scan so far: as many as the limit, and none beyond the bound. */
final class Nearest {
  /**
   * How far a scan's float32 sum can be from the exact squared distance, with room to spare: 512
   * terms that add up to at most 4, each rounding at most 2^-24 of the sum.
   */
  private static final float ROUNDING = 1e-3f;

  private static final Comparator<Hit> ORDER =
      Comparator.comparingDouble(Hit::squaredDistance).thenComparingLong(Hit::key);

  private final int limit;
  private final float maxSquaredDistance;
  private final PriorityQueue<Candidate> farthestFirst =
      new PriorityQueue<>(Comparator.comparingDouble(Candidate::distance).reversed());
  private float bound;
  private boolean narrowed;

  private record Candidate(int slot, float distance) {}

  Nearest(int limit, float maxSquaredDistance) {
    this.limit = limit;
    this.maxSquaredDistance = maxSquaredDistance;
    bound = maxSquaredDistance + ROUNDING;
  }

  /** What is farther need not be offered. */
  float bound() {
    return bound;
  }

  /** Lets nothing farther in; as many faces as the limit are known to be this near. */
  void narrow(float squaredDistance) {
    if (squaredDistance < bound) {
      bound = squaredDistance;
      narrowed = true;
    }
  }

  /** Whether faces that were known to be near enough are not among those offered. */
  boolean isLacking() {
    return narrowed && farthestFirst.size() < limit;
  }

  void offer(int slot, float distance) {
    farthestFirst.add(new Candidate(slot, distance));
    if (farthestFirst.size() > limit) {
      farthestFirst.remove();
    }
    if (farthestFirst.size() == limit) {
      bound = Math.min(bound, farthestFirst.element().distance());
    }
  }

  /**
   * The slots as hits, in no order.
   *
   * @param exact makes a hit with the exact distance; null for a face that is gone
   */
  Stream<Hit> hits(IntFunction<@Nullable Hit> exact) {
    return farthestFirst.stream()
        .map(candidate -> exact.apply(candidate.slot()))
        .filter(hit -> hit != null && hit.squaredDistance() <= maxSquaredDistance);
  }

  /** The nearest of hits, ascending. */
  static List<Hit> first(Stream<Hit> hits, int limit) {
    return hits.sorted(ORDER).limit(limit).toList();
  }
}
