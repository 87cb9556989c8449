package dev.facet.gateway;

import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceMatches;
import dev.facet.gateway.gallery.FaceQuery;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who a face is: the nearest enrolled faces, a decision about them, or about one pair. */
final class Recognition {
  private final FaceSearch search;
  private final Ledger ledger;
  private final GalleryWait gallery;

  Recognition(FaceSearch search, Ledger ledger, GalleryWait gallery) {
    this.search = search;
    this.ledger = ledger;
    this.gallery = gallery;
  }

  /**
   * Which faces are wanted of a search.
   *
   * @param limit at most this many
   * @param maxSquaredDistance only those at most this far
   * @param distinctSubjects of each subject only the nearest
   */
  record Wanted(int limit, float maxSquaredDistance, boolean distinctSubjects, FaceFilter filter) {}

  /**
   * When a face is taken for a subject's.
   *
   * @param threshold squared distance up to which it is
   * @param margin see {@link Decision}
   * @param maxCandidates at most this many subjects are listed
   */
  record Rule(float threshold, float margin, int maxCandidates, FaceFilter filter) {}

  /** Who a face is; the candidates are distinct subjects, nearest first. */
  record Identity(Decision decision, List<FaceMatch> candidates, long searchedFaces) {}

  /**
   * Whether two faces are one person.
   *
   * @param squaredDistance empty when the subject has no face to compare with
   * @param nearestFaceId when the reference is a subject
   */
  record Verdict(
      Decision decision, Optional<Float> squaredDistance, Optional<String> nearestFaceId) {}

  /** Makes every write acknowledged before now visible to the searches that follow. */
  void refresh(Call call) {
    gallery.reach(call.time(Stage.LEDGER, ledger::sequence));
  }

  /** The enrolled faces nearest to a face, nearest first. */
  FaceMatches nearest(FaceCollection collection, ProbeFace face, Wanted wanted, Call call) {
    FaceQuery query =
        new FaceQuery(
            face.vector(),
            collection.model(),
            wanted.limit(),
            wanted.maxSquaredDistance(),
            wanted.distinctSubjects(),
            wanted.filter());
    return call.time(Stage.SEARCH, () -> search.search(collection, query));
  }

  /** Who a face is among the subjects of a collection. */
  Identity identify(FaceCollection collection, ProbeFace face, Rule rule, Call call) {
    int limit = Math.max(2, rule.maxCandidates()); // an ambiguous answer lists both
    FaceMatches subjects =
        nearest(
            collection,
            face,
            new Wanted(limit, Float.POSITIVE_INFINITY, true, rule.filter()),
            call);
    List<FaceMatch> candidates = subjects.matches();
    Decision decision = Decision.about(candidates, rule.threshold(), rule.margin());
    int listed = decision == Decision.AMBIGUOUS ? limit : rule.maxCandidates();
    return new Identity(
        decision,
        candidates.subList(0, Math.min(listed, candidates.size())),
        subjects.searchedFaces());
  }

  /** Whether two faces are one person. */
  Verdict compare(ProbeFace face, ProbeFace other, float threshold) {
    float distance = (float) face.vector().squaredDistance(other.vector());
    return new Verdict(
        Decision.about(distance, threshold), Optional.of(distance), Optional.empty());
  }

  /** Whether a face is a subject's: the nearest of the subject's faces counts. */
  Verdict compare(
      FaceCollection collection, ProbeFace face, String subjectId, float threshold, Call call) {
    if (call.time(Stage.LEDGER, () -> ledger.subject(collection, subjectId)).isEmpty()) {
      throw NotFound.subject();
    }
    FaceFilter subject = new FaceFilter(Set.of(subjectId), Map.of());
    List<FaceMatch> nearest =
        nearest(collection, face, new Wanted(1, Float.POSITIVE_INFINITY, false, subject), call)
            .matches();
    if (nearest.isEmpty()) {
      return new Verdict(Decision.UNKNOWN, Optional.empty(), Optional.empty());
    }
    FaceMatch match = nearest.getFirst();
    return new Verdict(
        Decision.about(match.squaredDistance(), threshold),
        Optional.of(match.squaredDistance()),
        Optional.of(match.faceId()));
  }
}
