package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.GalleryBehindException;
import dev.facet.gateway.gallery.GalleryFollower;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until the gallery shows what the ledger holds, as long as a setting and the call allow. */
final class GalleryWait {
  private static final Duration AT_START = Duration.ofDays(1);

  private final GalleryFollower follower;
  private final Duration atMost;

  GalleryWait(GalleryFollower follower, Duration atMost) {
    this.follower = follower;
    this.atMost = atMost;
  }

  /**
   * Returns when searches see every change up to a sequence number of the ledger.
   *
   * @throws GalleryBehindException if they do not in time
   */
  void reach(long sequence) {
    await(sequence, patience());
  }

  /** The same at start, when an empty gallery reads the whole ledger, however long that takes. */
  void fill(long sequence) {
    await(sequence, AT_START);
  }

  private void await(long sequence, Duration patience) {
    try {
      follower.awaitSequence(sequence, patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.of(Status.Code.CANCELLED, "CANCELLED", "the call was cancelled");
    }
  }

  private Duration patience() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return atMost;
    }
    Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return left.compareTo(atMost) < 0 ? left : atMost;
  }
}
