package dev.facet.detector.mtcnn;

/**
 * What the cascade looks for.
 *
 * @param smallestFace side in pixels of the smallest face looked for, at least 12
 * @param pyramidFactor scale between two levels of the pyramid, less than 1
 * @param proposal thresholds after the proposal network; the overlap is that across levels
 * @param refinement thresholds after the refinement network
 * @param output thresholds after the output network; the overlap is over the smaller box
 */
public record CascadeOptions(
    double smallestFace,
    double pyramidFactor,
    Threshold proposal,
    Threshold refinement,
    Threshold output) {

  /**
   * What passes a stage.
   *
   * @param score least probability, 0 to 1
   * @param overlap most overlap with a more probable candidate, 0 to 1
   */
  public record Threshold(float score, double overlap) {}
}
