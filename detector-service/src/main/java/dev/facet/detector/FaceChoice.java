package dev.facet.detector;

/** Which of the faces in a picture are meant. */
public enum FaceChoice {
  ALL,
  ONLY,
  LARGEST,
  MOST_PROBABLE,
  MOST_CENTRAL
}
