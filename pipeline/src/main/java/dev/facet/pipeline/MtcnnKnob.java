package dev.facet.pipeline;

/** A number that MTCNN searches by, and no other detector. */
public enum MtcnnKnob {
  /** Scale between two levels of the pyramid, 0.1 to 0.95. */
  PYRAMID_FACTOR,
  /** Least probability after the proposal network, 0 to 1. */
  PROPOSAL_MIN_SCORE,
  /** Least probability after the refinement network, 0 to 1. */
  REFINEMENT_MIN_SCORE,
  /** Least probability after the output network, 0 to 1. */
  OUTPUT_MIN_SCORE,
  /** Greatest intersection over union of two proposals, 0 to 1. */
  PROPOSAL_MAX_OVERLAP,
  /** Greatest intersection over union after refinement, 0 to 1. */
  REFINEMENT_MAX_OVERLAP,
  /** Greatest overlap of two faces over the smaller box, 0 to 1. */
  OUTPUT_MAX_OVERLAP,
  /** Greatest intersection over union of faces found at different angles, 0 to 1. */
  ROTATION_MAX_OVERLAP
}
