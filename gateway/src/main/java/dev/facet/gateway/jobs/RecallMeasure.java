package dev.facet.gateway.jobs;

import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.Change;
import dev.facet.gateway.ledger.Changes;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.UnitVector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Compares what the gallery finds with an exact search over the ledger's vectors, which is one pass
 * over all of them, for a sample of the faces.
 *
 * <p>Faces that are deleted meanwhile are not missed, and those enrolled meanwhile are in nobody's
 * way.
 */
public final class RecallMeasure {
  private static final int PAGE = 1_000;

  /** Room in an answer for faces that came after the exact search, and for the face itself. */
  private static final int ROOM = 16;

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final Gallery gallery;
  private final GalleryFollower follower;

  public RecallMeasure(Ledger ledger, Gallery gallery, GalleryFollower follower) {
    this.ledger = ledger;
    this.gallery = gallery;
    this.follower = follower;
  }

  /**
   * Measures.
   *
   * @param searches of how many faces, at least 1
   * @param noise squared distance between a face's vector and the one that is searched, 0 to 1; at
   *     0 the face itself is no answer
   */
  public RecallReport measure(
      FaceCollection collection, int searches, float noise, Progress progress)
      throws InterruptedException {
    progress.expect(2 * ledger.statistics(collection).faces());
    Map<Long, UnitVector> vectors =
        ledger.vectors(collection, sample(collection, searches, progress));
    if (vectors.isEmpty()) {
      return new RecallReport(0, 0, 0, 1, 1, 1);
    }
    List<Long> keys = List.copyOf(vectors.keySet());
    List<UnitVector> queries = new ArrayList<>();
    SplittableRandom random = new SplittableRandom();
    vectors.values().forEach(vector -> queries.add(moved(vector, noise, random)));
    float threshold = collection.details().matchThreshold();
    Neighbours exact = new Neighbours(queries, threshold - RecallScore.ROUNDING);
    long faces = compareAll(collection, exact, progress);
    follower.awaitSequence(ledger.sequence(), PATIENCE);
    RecallScore score = new RecallScore(hits -> living(collection, hits));
    for (int q = 0; q < keys.size(); q++) {
      // Leave one out: a face is found by its own vector anywhere.
      long itself = noise == 0 ? keys.get(q) : 0;
      score.within(
          without(itself, exact.within(q)),
          search(collection, queries.get(q), exact.within(q).size(), threshold, itself));
      score.nearest(
          without(itself, exact.nearest(q)),
          search(collection, queries.get(q), RecallScore.TEN, Float.POSITIVE_INFINITY, itself));
      progress.requireWanted();
    }
    return score.report(faces, keys.size());
  }

  private List<Long> sample(FaceCollection collection, int searches, Progress progress) {
    Sample<Long> sample = new Sample<>(searches);
    long after = 0;
    List<Face> page;
    do {
      page = ledger.faces(collection, Optional.empty(), after, PAGE);
      page.forEach(face -> sample.offer(face.sequence()));
      after = page.isEmpty() ? after : page.getLast().sequence();
      progress.add(page.size());
    } while (page.size() == PAGE);
    return sample.chosen();
  }

  private List<Hit> search(
      FaceCollection collection, UnitVector vector, int atLeast, float farthest, long itself) {
    Query query = new Query(vector, collection.model(), atLeast + ROOM, farthest, Optional.empty());
    return without(itself, gallery.search(collection, query));
  }

  private static List<Hit> without(long itself, List<Hit> hits) {
    return hits.stream().filter(hit -> hit.key() != itself).toList();
  }

  private List<Hit> living(FaceCollection collection, List<Hit> hits) {
    Set<Long> live = ledger.live(collection, hits.stream().map(Hit::key).toList()).keySet();
    return hits.stream().filter(hit -> live.contains(hit.key())).toList();
  }

  private long compareAll(FaceCollection collection, Neighbours exact, Progress progress) {
    long faces = 0;
    long after = 0;
    Changes page;
    do {
      page = ledger.changes(collection, after, PAGE);
      for (Change change : page.changes()) {
        if (change instanceof Change.Enrolled(long key, _, _, var vector)) {
          exact.offer(key, vector);
          faces++;
          progress.add(1);
        }
      }
      after = page.upTo();
    } while (page.changes().size() == PAGE);
    return faces;
  }

  /** A vector in a random direction from another, at a squared distance. */
  private static UnitVector moved(UnitVector vector, float noise, SplittableRandom random) {
    if (noise == 0) {
      return vector;
    }
    double[] direction = new double[vector.dimension()];
    double along = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] = random.nextGaussian();
      along += direction[i] * vector.value(i);
    }
    double square = 0;
    for (int i = 0; i < direction.length; i++) {
      direction[i] -= along * vector.value(i);
      square += direction[i] * direction[i];
    }
    double cosine = 1 - noise / 2.0;
    double sine = Math.sqrt((1 - cosine * cosine) / square);
    float[] moved = new float[direction.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (cosine * vector.value(i) + sine * direction[i]);
    }
    return UnitVector.of(moved);
  }
}
