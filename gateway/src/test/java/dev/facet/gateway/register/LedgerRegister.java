package dev.facet.gateway.register;

import static dev.facet.gateway.ledger.Samples.MODEL;

import dev.facet.gateway.gallery.FaceMatch;
import dev.facet.gateway.gallery.FaceQuery;
import dev.facet.gateway.gallery.FaceSearch;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.EnrollOutcome;
import dev.facet.gateway.ledger.Enrollment;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceFilter;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.LedgerRefusal;
import dev.facet.gateway.ledger.NewFace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A register over ledger and gallery as the gateway joins them, without the gateway. */
record LedgerRegister(
    Ledger ledger, FaceCollection people, GalleryFollower follower, FaceSearch search)
    implements Register {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public boolean enroll(String faceId, int version) throws InterruptedException {
    NewFace face =
        new NewFace(
            faceId,
            Versions.of(faceId, version, people.dimension()),
            "version " + version,
            "",
            "{}",
            "",
            Optional.empty());
    Enrollment enrollment =
        new Enrollment(MODEL, "subject", Optional.empty(), List.of(face), Optional.empty());
    return switch (ledger.enroll(people, enrollment)) {
      case EnrollOutcome.Stored(_, long sequence) -> followed(sequence);
      case EnrollOutcome.Replayed(_, long sequence, _) -> followed(sequence);
      case EnrollOutcome.FaceExists _ -> false;
      case EnrollOutcome.RequestIdReused _ -> throw new IllegalStateException("no request id");
    };
  }

  private boolean followed(long sequence) throws InterruptedException {
    follower.awaitSequence(sequence, PATIENCE);
    return true;
  }

  @Override
  public boolean delete(String faceId) {
    try {
      ledger.deleteFace(people, faceId);
      return true;
    } catch (LedgerRefusal refusal) {
      return false;
    }
  }

  @Override
  public int read(String faceId) throws InterruptedException {
    followed(ledger.sequence());
    FaceQuery query =
        new FaceQuery(
            Versions.of(faceId, people.dimension()),
            MODEL,
            10,
            Versions.REACH,
            false,
            FaceFilter.ALL);
    List<FaceMatch> matches = search.search(people, query).matches();
    if (matches.size() > 1) {
      return -1; // one id, two faces: no register
    }
    return matches.isEmpty() ? 0 : Versions.at(matches.getFirst().squaredDistance());
  }
}
