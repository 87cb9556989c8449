package dev.facet.detector.mtcnn.pnet;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of sixteen floats, and what the layers do with them. */
final class Lanes {
  /** Floats in a vector. */
  static final int COUNT = 16;

  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_512;

  private Lanes() {}

  /** Whether the processor, and the JIT compiler that there is, have vectors so wide. */
  static boolean areNative() {
    return FloatVector.SPECIES_PREFERRED.length() >= COUNT;
  }

  static FloatVector prelu(FloatVector x, FloatVector slope) {
    return x.mul(slope, x.compare(LT, 0));
  }

  /** The larger; unlike {@link FloatVector#max} in one step, as it need not find NaN and -0. */
  static FloatVector max(FloatVector a, FloatVector b) {
    return a.blend(b, b.compare(GT, a));
  }

  /** The larger where the mask is set, and otherwise {@code a}. */
  static FloatVector max(FloatVector a, FloatVector b, VectorMask<Float> mask) {
    return a.blend(b, b.compare(GT, a, mask));
  }
}
