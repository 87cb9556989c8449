package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.ledger.SharedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lock of those who settle, taken when it is first needed. For one thread. */
final class SettlingRight {
  private final Supplier<SharedLock> patientLock;
  private @Nullable SharedLock lock;

  SettlingRight(Supplier<SharedLock> patientLock) {
    this.patientLock = patientLock;
  }

  /**
   * Returns when nobody else settles.
   *
   * @throws GalleryException when it was taken before, and lost meanwhile
   */
  void take() {
    if (lock == null) {
      lock = patientLock.get();
    }
    if (!lock.held()) {
      throw new GalleryException("another gateway settles now");
    }
  }

  void giveBack() {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }
}
