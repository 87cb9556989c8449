package dev.facet.detector;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.detector.image.Decoder;
import dev.facet.detector.image.ImageHeader;
import dev.facet.detector.image.Picture;
import org.jspecify.annotations.Nullable;

/** An encoded picture, decoded as coarsely as it may be, and again only where more is asked for. */
final class DecodedPhoto implements AutoCloseable {
  private final Decoder decoder;
  private final byte[] image;
  private final ImageHeader header;
  private @Nullable Picture picture;
  private long decodeNanos;

  /**
   * Inspects a picture; nothing is decoded yet.
   *
   * @throws dev.facet.detector.image.InvalidImageException if it is refused
   */
  DecodedPhoto(Decoder decoder, byte[] image) {
    long start = System.nanoTime();
    this.decoder = decoder;
    this.image = image;
    this.header = decoder.inspect(image);
    this.decodeNanos = System.nanoTime() - start;
  }

  ImageHeader header() {
    return header;
  }

  /** Time spent in inspecting and decoding, and in waiting for a turn. */
  long decodeNanos() {
    return decodeNanos;
  }

  /**
   * The picture, each of its decoded pixels for at most so many of its own along each side; valid
   * until it is asked for again or closed.
   */
  Picture decoded(double mostStep) {
    Picture present = picture;
    if (present != null && present.step() <= Math.max(1, mostStep)) {
      return present;
    }
    close(); // First: who holds memory while waiting for more may wait for ever.
    long start = System.nanoTime();
    Thread waiting = Thread.currentThread();
    Picture finer =
        CurrentCall.await(
            () -> decoder.decode(image, header, mostStep, CurrentCall.deadlineNanos()),
            waiting::interrupt);
    picture = finer;
    decodeNanos += System.nanoTime() - start;
    return finer;
  }

  @Override
  public void close() {
    if (picture != null) {
      picture.close();
      picture = null;
    }
  }
}
