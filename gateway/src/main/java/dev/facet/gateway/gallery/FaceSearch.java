package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceKeys;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LiveFace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Searches the gallery and answers only what the ledger says is alive, by the subject that the
 * ledger says it belongs to.
 *
 * <p>A face id may be enrolled anew for another face. The gallery's key is the number of one
 * enrolment, so the old vector is never credited to the new owner.
 *
 * <p>Dead hits and further faces of a subject already answered leave gaps; the gallery is then
 * asked for more, until the answer is full or the gallery has no more.
 */
public final class FaceSearch {
  private static final int WIDENING = 4;

  private final Ledger ledger;
  private final Gallery gallery;

  public FaceSearch(Ledger ledger, Gallery gallery) {
    this.ledger = ledger;
    this.gallery = gallery;
  }

  /**
   * The nearest live faces.
   *
   * @throws dev.facet.gateway.ledger.LedgerRefusal MODEL_MISMATCH, VECTOR_DIMENSION
   */
  public FaceMatches search(FaceCollection collection, FaceQuery query) {
    collection.requireModel(query.model());
    collection.requireDimension(query.vector());
    Optional<FaceKeys> among =
        query.filter().passesAll()
            ? Optional.empty()
            : Optional.of(ledger.matching(collection, query.filter()));
    long searched =
        among.map(keys -> (long) keys.size()).orElseGet(() -> gallery.count(collection));
    int limit = query.limit();
    while (true) {
      List<Hit> hits = gallery.search(collection, widened(query, limit, among));
      List<FaceMatch> matches = resolve(collection, query, hits);
      if (matches.size() == query.limit() || hits.size() < limit) {
        return new FaceMatches(matches, searched);
      }
      limit = Math.multiplyExact(limit, WIDENING);
    }
  }

  private static Query widened(FaceQuery query, int limit, Optional<FaceKeys> among) {
    return new Query(query.vector(), query.model(), limit, query.maxSquaredDistance(), among);
  }

  private List<FaceMatch> resolve(FaceCollection collection, FaceQuery query, List<Hit> hits) {
    Map<Long, LiveFace> live = ledger.live(collection, hits.stream().map(Hit::key).toList());
    List<FaceMatch> matches = new ArrayList<>();
    Set<String> subjects = new HashSet<>();
    for (Hit hit : hits) {
      LiveFace face = live.get(hit.key());
      if (face == null || (query.distinctSubjects() && !subjects.add(face.subjectId()))) {
        continue;
      }
      matches.add(
          new FaceMatch(
              face.faceId(), face.subjectId(), face.displayName(), hit.squaredDistance()));
      if (matches.size() == query.limit()) {
        break;
      }
    }
    return matches;
  }
}
