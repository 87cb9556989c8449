package dev.facet.models;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The kind of a detector, with the numbers that go with it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
  @JsonSubTypes.Type(value = DetectorNetwork.YuNet.class, name = "yunet"),
  @JsonSubTypes.Type(value = DetectorNetwork.Mtcnn.class, name = "mtcnn")
})
public sealed interface DetectorNetwork {

  /**
   * One pass over the picture.
   *
   * @param sideMultiple width and height of the input must be multiples of it
   * @param scoreThreshold faces below are not reported, 0 to 1
   * @param overlapThreshold of two boxes with a greater intersection over union, the less certain
   *     one is dropped, 0 to 1
   */
  record YuNet(int sideMultiple, double scoreThreshold, double overlapThreshold)
      implements DetectorNetwork {

    public YuNet {
      Rules.require(
          sideMultiple >= 1 && sideMultiple <= 256,
          "detector.yunet.side-multiple must be 1 to 256",
          sideMultiple);
      Rules.requireFraction("detector.yunet.score-threshold", scoreThreshold);
      Rules.requireFraction("detector.yunet.overlap-threshold", overlapThreshold);
    }
  }

  /**
   * A cascade of three networks over an image pyramid (Zhang et al., IEEE SPL 23(10), 2016).
   *
   * @param smallestFace side of the smallest face looked for, in pixels of the picture
   * @param pyramidFactor scale between two levels of the pyramid
   */
  record Mtcnn(
      int smallestFace, double pyramidFactor, Stage proposal, Stage refinement, Stage output)
      implements DetectorNetwork {

    public Mtcnn {
      Rules.require(
          smallestFace >= 12 && smallestFace <= 1024,
          "detector.mtcnn.smallest-face must be 12 to 1024",
          smallestFace);
      Rules.require(
          pyramidFactor >= 0.1 && pyramidFactor <= 0.95,
          "detector.mtcnn.pyramid-factor must be 0.1 to 0.95",
          pyramidFactor);
    }
  }

  /**
   * One stage of a cascade.
   *
   * @param scoreThreshold candidates below are dropped, 0 to 1
   * @param overlapThreshold of two candidates that overlap more, the less certain one is dropped, 0
   *     to 1
   */
  record Stage(double scoreThreshold, double overlapThreshold) {

    public Stage {
      Rules.requireFraction("detector.mtcnn.score-threshold", scoreThreshold);
      Rules.requireFraction("detector.mtcnn.overlap-threshold", overlapThreshold);
    }
  }
}
