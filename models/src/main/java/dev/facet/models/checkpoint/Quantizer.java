package dev.facet.models.checkpoint;

/**
 * How the whole numbers of a quantised tensor stand for real ones: (number − zero point) × scale.
 */
sealed interface Quantizer {

  /** One scale for all numbers. */
  record PerTensor(double scale, double zeroPoint) implements Quantizer {}

  /** A scale for each index of one dimension. */
  record PerChannel(TorchTensor scales, TorchTensor zeroPoints, int axis) implements Quantizer {}
}
