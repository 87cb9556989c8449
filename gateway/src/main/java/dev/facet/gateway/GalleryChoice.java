package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.gallery.GalleryKind;
import dev.facet.gateway.gallery.ServingGallery;
import dev.facet.gateway.jobs.GalleryMove;
import dev.facet.gateway.jobs.Progress;
import dev.facet.gateway.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves this gateway to the gallery that was chosen through another, on a thread of its own. */
final class GalleryChoice implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GalleryChoice.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final ServingGallery serving;
  private final GalleryMove move;

  /** What this gateway cannot do is said once. */
  private Optional<GalleryKind> refused = Optional.empty();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("gallery-choice").factory());

  GalleryChoice(Ledger ledger, ServingGallery serving, GalleryMove move) {
    this.ledger = ledger;
    this.serving = serving;
    this.move = move;
    long nanos = LOOK_EVERY.toNanos();
    var _ = thread.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      Optional<GalleryKind> chosen = ledger.chosenGallery().map(GalleryKind::valueOf);
      if (chosen.isPresent() && chosen.get() != serving.kind() && !chosen.equals(refused)) {
        follow(chosen.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException | Error e) { // what is thrown from here is never run again
      log.warn("The chosen gallery does not serve yet; trying again", e);
    }
  }

  private void follow(GalleryKind chosen) throws InterruptedException {
    try {
      log.info("Faces were searched by {}; the gateways move to {}", serving.kind(), chosen);
      move.follow(chosen, new Progress());
    } catch (Refusal e) {
      log.warn("This gateway cannot move to {}: {}", chosen, e.getMessage());
      refused = Optional.of(chosen);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("The move to another gallery does not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
