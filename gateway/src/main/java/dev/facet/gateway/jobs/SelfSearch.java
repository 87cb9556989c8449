package dev.facet.gateway.jobs;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.UnitVector;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Searches faces by their own vectors, which an index must find before any other: at distance 0,
 * beside those faces alone that have the same vector.
 *
 * @param searched how many
 * @param unfound keys of living faces that were not found
 */
record SelfSearch(int searched, List<Long> unfound) {
  private static final float EQUAL = 1e-5f;
  private static final double LEAST_SHARE = 0.999;

  /** More faces with one vector than this cannot be told from one that was not found. */
  private static final int ALIKE = 16;

  /** Searches those of the faces that are alive. */
  static SelfSearch of(
      Ledger ledger,
      FaceCollection collection,
      Collection<Long> keys,
      Function<Query, List<Hit>> index,
      Progress progress) {
    Map<Long, UnitVector> vectors = ledger.vectors(collection, keys);
    List<Long> unfound = new ArrayList<>();
    vectors.forEach(
        (key, vector) -> {
          if (!finds(
              key,
              index.apply(
                  new Query(
                      vector,
                      collection.model(),
                      ALIKE,
                      Float.POSITIVE_INFINITY,
                      Optional.empty())))) {
            unfound.add(key);
          }
          progress.requireWanted();
        });
    unfound.retainAll(ledger.live(collection, unfound).keySet());
    return new SelfSearch(vectors.size(), List.copyOf(unfound));
  }

  private static boolean finds(long key, List<Hit> hits) {
    List<Hit> equal = hits.stream().filter(hit -> hit.squaredDistance() <= EQUAL).toList();
    return equal.size() == ALIKE || equal.stream().anyMatch(hit -> hit.key() == key);
  }

  /**
   * Refuses an index that overlooks more than one face in a thousand.
   *
   * @throws Refusal SELF_SEARCH_FAILED
   */
  void require() {
    if (share() < LEAST_SHARE) {
      throw Refusal.of(
          Status.Code.FAILED_PRECONDITION,
          "SELF_SEARCH_FAILED",
          "of %d faces the new index found %d; the one before serves on"
              .formatted(searched, found()));
    }
  }

  int found() {
    return searched - unfound.size();
  }

  /** From 0 to 1; 1 when there was nothing to search. */
  double share() {
    return searched == 0 ? 1 : (double) found() / searched;
  }
}
