package dev.facet.gateway;

import dev.facet.gateway.archive.Chip.Box;
import dev.facet.gateway.archive.Chip.Landmarks;

/**
 * A face found in a picture; positions are in pixels of the upright picture.
 *
 * @param score the detector's confidence, 0 to 1
 * @param angle turning the picture by so many degrees counter-clockwise brings the face upright
 */
record FoundFace(Box box, Landmarks landmarks, float score, float angle, Quality quality) {

  /**
   * What the face looks like to a model.
   *
   * @param overall 0 (unusable) to 1 (ideal)
   * @param eyeDistance in pixels of the picture
   * @param sharpness variance of the Laplacian, in grey levels
   * @param yaw degrees, positive towards the right of the picture
   * @param pitch degrees, positive upwards
   * @param roll degrees, clockwise
   */
  record Quality(
      float overall, float eyeDistance, float sharpness, float yaw, float pitch, float roll) {}
}
