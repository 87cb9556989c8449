package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a model does, with the numbers that go with it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Task.Detection.class, name = "detector"),
  @JsonSubTypes.Type(value = Task.Embedding.class, name = "embedder")
})
public sealed interface Task {

  /**
   * Finds faces in photos.
   *
   * @param sideMultiple width and height of the input must be multiples of it
   * @param scoreThreshold faces below are not reported, 0 to 1
   * @param overlapThreshold of two boxes with a greater intersection over union, the less certain
   *     one is dropped, 0 to 1
   */
  record Detection(int sideMultiple, double scoreThreshold, double overlapThreshold)
      implements Task {

    public Detection {
      Rules.require(
          sideMultiple >= 1 && sideMultiple <= 256,
          "detector.side-multiple must be 1 to 256",
          sideMultiple);
      Rules.require(
          scoreThreshold > 0 && scoreThreshold < 1,
          "detector.score-threshold must be between 0 and 1",
          scoreThreshold);
      Rules.require(
          overlapThreshold > 0 && overlapThreshold < 1,
          "detector.overlap-threshold must be between 0 and 1",
          overlapThreshold);
    }
  }

  /**
   * Turns crops of faces into vectors.
   *
   * @param dimension of the vectors
   * @param matchThreshold the greatest squared L2 distance, 0 to 4, at which two unit vectors count
   *     as one person where nothing else is asked for
   */
  record Embedding(int dimension, double matchThreshold, CropGeometry crop) implements Task {

    public Embedding {
      Rules.require(
          dimension >= 2 && dimension <= 4096, "embedder.dimension must be 2 to 4096", dimension);
      Rules.require(
          matchThreshold > 0 && matchThreshold < 4,
          "embedder.match-threshold must be between 0 and 4",
          matchThreshold);
    }
  }
}
