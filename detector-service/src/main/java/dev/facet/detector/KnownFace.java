package dev.facet.detector;

import java.util.Optional;

/** Where the face is in a picture whose caller knows it, in pixels of the upright picture. */
sealed interface KnownFace {

  /**
   * The box is known, or the smallest one around the landmarks is taken for it.
   *
   * @param angle turning the picture by so many degrees counter-clockwise brings the face upright
   */
  record At(Box box, Optional<Landmarks> landmarks, float angle) implements KnownFace {

    static At of(Landmarks landmarks, float angle) {
      return new At(landmarks.bounds(), Optional.of(landmarks), angle);
    }
  }

  /** The picture is a face already, aligned as the crops want it. */
  record WholePicture() implements KnownFace {}
}
