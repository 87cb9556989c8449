package dev.facet.detector.mtcnn.pnet;

import static dev.facet.detector.mtcnn.pnet.Lanes.SPECIES;
import static jdk.incubator.vector.VectorOperators.ADD;

import dev.facet.models.checkpoint.Weights;
import jdk.incubator.vector.FloatVector;

/**
 * The last layer: from 32 channels to the probability of a face and the regression of its box.
 *
 * <p>Nearly every cell's score is too low, so only the difference of the two scores is made
 * everywhere; probability and regression are made where it is not.
 */
final class Head {
  private static final int INPUTS = ThirdLayer.CHANNELS;
  private static final int REGRESSION = 4;

  /** Beyond it a probability is 1 in single precision. */
  private static final double LARGEST_LOGIT = 16;

  /** More than sums in another order differ by. */
  private static final double TOLERANCE = 1e-3;

  private final float[] logit;
  private final float logitBias;
  private final float[] regression;
  private final float[] regressionBiases;

  Head(Weights trained) {
    float[] scores = trained.values("conv4_1.weight", 2, INPUTS, 1, 1);
    float[] scoreBiases = trained.values("conv4_1.bias", 2);
    this.logit = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      logit[i] = scores[INPUTS + i] - scores[i];
    }
    this.logitBias = scoreBiases[1] - scoreBiases[0];
    this.regression = trained.values("conv4_2.weight", REGRESSION, INPUTS, 1, 1);
    this.regressionBiases = trained.values("conv4_2.bias", REGRESSION);
  }

  /** A logit below which no probability is as great as {@code minScore}. */
  static float leastLogit(float minScore) {
    double logit = Math.log(minScore / (1.0 - minScore));
    return (float) (Math.min(logit, LARGEST_LOGIT) - TOLERANCE);
  }

  static float probability(float logit) {
    return (float) (1 / (1 + Math.exp(-logit)));
  }

  /** The difference of the scores of each column. */
  void logits(float[] channels, int columns, float[] out) {
    for (int x = 0; x < columns; x++) {
      int at = x * INPUTS;
      out[x] =
          FloatVector.fromArray(SPECIES, channels, at)
                  .mul(FloatVector.fromArray(SPECIES, logit, 0))
                  .add(
                      FloatVector.fromArray(SPECIES, channels, at + Lanes.COUNT)
                          .mul(FloatVector.fromArray(SPECIES, logit, Lanes.COUNT)))
                  .reduceLanes(ADD)
              + logitBias;
    }
  }

  /** Displacement {@code corner} of the box at a column. */
  float regression(float[] channels, int column, int corner) {
    float sum = regressionBiases[corner];
    for (int i = 0; i < INPUTS; i++) {
      sum += regression[corner * INPUTS + i] * channels[column * INPUTS + i];
    }
    return sum;
  }
}
