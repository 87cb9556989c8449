package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchTiming;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.models.ServedModel;
import java.util.List;

/** Finds the faces of pictures. */
interface FaceDetector extends AutoCloseable {

  /** The model behind it; its id is part of every answer. */
  ServedModel model();

  /** What requests call it. */
  default String name() {
    return model().model().name();
  }

  /** The least score of a face where a request does not say. */
  float minScore();

  /**
   * A search with these options.
   *
   * @param checks hears of every option that is not for this detector, by the field's name; the
   *     search is of no use then
   */
  Search search(SearchOptions options, RequestChecks checks);

  /** What runs its networks. */
  List<Batcher<?, ?>> batchers();

  /** Runs every shape and batch size once, so that no caller pays for a first time. */
  void warm();

  @Override
  void close();

  /** A detector with the options of a request. */
  interface Search {

    /**
     * Pixels of a picture of this size, along each side, that may become one before the search sees
     * them, because it looks at no finer; 1 or more.
     */
    double step(int width, int height);

    /**
     * Finds faces; blocks until the model has run.
     *
     * @param picture decoded in {@link #step} or finer
     * @return faces as the options ask for, overlapping ones merged, most probable first, in pixels
     *     of the picture
     */
    Detection in(Picture picture, Priority priority);
  }

  /** The faces, and what the model's run cost. */
  record Detection(List<Face> faces, BatchTiming timing) {}
}
