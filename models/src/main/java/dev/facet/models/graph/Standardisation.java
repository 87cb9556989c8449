package dev.facet.models.graph;

/** Numbers whose mean and deviation are the picture's own, so that its exposure does not count. */
public enum Standardisation implements Normalisation {

  /**
   * {@code (pixel - mean) / max(deviation, 1 / √count)}, mean and deviation over all count = 3 ·
   * height · width values of one picture: the "prewhitening" of David Sandberg's FaceNet (github,
   * davidsandberg/facenet) and of TensorFlow's {@code per_image_standardization}.
   */
  PER_IMAGE
}
