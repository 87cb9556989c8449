package dev.facet.gateway.gallery;

import java.io.Serial;

/**
 * The gallery has not followed the ledger far enough in the time there was. What was committed
 * stays committed and will be followed; asking again completes it.
 */
public final class GalleryBehindException extends GalleryException {
  @Serial private static final long serialVersionUID = 1;

  GalleryBehindException(long position, long wanted) {
    super("the gallery has followed to change " + position + " and not yet to " + wanted);
  }
}
