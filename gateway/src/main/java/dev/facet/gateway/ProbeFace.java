package dev.facet.gateway;

import dev.facet.gateway.archive.Chip;
import dev.facet.gateway.ledger.UnitVector;
import java.util.Optional;

/**
 * One face of a probe, ready to be compared.
 *
 * @param found where it was; empty when the probe is not a picture
 * @param chip the picture to keep; empty when none was asked for
 */
record ProbeFace(UnitVector vector, Optional<FoundFace> found, Optional<Chip> chip) {

  static ProbeFace of(UnitVector vector) {
    return new ProbeFace(vector, Optional.empty(), Optional.empty());
  }
}
