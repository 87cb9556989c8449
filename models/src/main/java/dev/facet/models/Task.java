package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a model does, with the numbers that go with it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = Task.Detection.class, name = "detector"),
  @JsonSubTypes.Type(value = Task.Embedding.class, name = "embedder")
})
public sealed interface Task {

  /** Finds faces in photos. */
  record Detection(DetectorNetwork network) implements Task {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Detection {}
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
