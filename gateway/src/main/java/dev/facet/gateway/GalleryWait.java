package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.GalleryBehindException;
import dev.facet.gateway.gallery.GalleryFollower;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the gallery shows what the ledger holds, as long as a setting and the call allow. */
final class GalleryWait {
  private static final Logger log = LoggerFactory.getLogger(GalleryWait.class);
  private static final Duration AT_START = Duration.ofSeconds(15);

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

  /**
   * The same at start, when a gallery may have to read the whole ledger, however long that takes;
   * but not for a gallery that is out of reach, which must not keep the gateway from its other
   * work.
   */
  void fill(long sequence, Gallery gallery) {
    while (true) {
      try {
        await(sequence, AT_START);
        return;
      } catch (GalleryBehindException e) {
        if (!gallery.isAnswering()) {
          log.warn("The gallery is out of reach; searches fail until it is not");
          return;
        }
      }
    }
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
