package dev.facet.detector;

import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.BatchTiming;
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

  /** The options of a request that sets none. */
  SearchOptions defaults();

  /** The longest side, in pixels, that pictures can be searched at. */
  int longestSide();

  /**
   * Finds faces; blocks until the model has run.
   *
   * @return faces of at least the score and size asked for, overlapping ones merged, most probable
   *     first, in pixels of the picture
   */
  Detection detect(Picture picture, SearchOptions options, Priority priority);

  /** Runs every shape and batch size once, so that no caller pays for a first time. */
  void warm();

  @Override
  void close();

  /**
   * What counts as a face.
   *
   * @param minScore least confidence, 0 to 1
   * @param minSize least width of the box in pixels of the picture
   * @param maxOverlap greatest intersection over union of two faces, 0 to 1
   * @param maxSide longer side, in pixels, to which larger pictures are shrunk first
   */
  record SearchOptions(float minScore, float minSize, float maxOverlap, int maxSide) {}

  /** The faces, and what the model's run cost. */
  record Detection(List<Face> faces, BatchTiming timing) {}
}
