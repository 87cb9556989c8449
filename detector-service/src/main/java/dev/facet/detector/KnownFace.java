package dev.facet.detector;

import java.util.Optional;

/** Where the face is in a picture whose caller knows it, in pixels of the upright picture. */
sealed interface KnownFace {

  /** The box is known, or the smallest one around the landmarks is taken for it. */
  record At(Box box, Optional<Landmarks> landmarks) implements KnownFace {

    static At of(Landmarks landmarks) {
      return new At(landmarks.bounds(), Optional.of(landmarks));
    }
  }

  /** The picture is a face already, aligned as the crops want it. */
  record WholePicture() implements KnownFace {}
}
