package dev.facet.gateway;

import dev.facet.gateway.DetectorClient.Picture;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.UnitVector;

/** What a caller asks about: a face in any of the forms it may be held in. */
sealed interface Probe {

  /** The faces of a picture, or those of them that its options choose. */
  record OfPicture(Picture picture) implements Probe {}

  /** Pixels already aligned and sized for the model. */
  record OfCrop(Crop crop) implements Probe {}

  /** A vector, and the model that made it. */
  record OfVector(UnitVector vector, ModelId model) implements Probe {}

  /** A face enrolled in the collection. */
  record OfFace(String faceId) implements Probe {}
}
