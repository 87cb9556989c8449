package dev.facet.models.network;

import dev.facet.models.checkpoint.Weights;

/** The layers of {@link InceptionResnetV1} by its own names, whichever framework wrote them. */
sealed interface FacenetWeights permits FacenetWeights.Torch, KerasFacenet {

  double EPSILON = 0.001;

  /** A convolution with its batch norm merged. */
  Filters conv(String layer, int outputs, int inputs, int height, int width);

  /** A convolution of one position with biases, which leads a block's branches back. */
  Filters up(String layer, int outputs, int inputs);

  /** The dense layer at the end with its batch norm merged. */
  Filters embedding(int outputs, int inputs);

  static FacenetWeights of(Weights weights) {
    return KerasFacenet.wrote(weights) ? new KerasFacenet(weights) : new Torch(weights);
  }

  /** Weights as facenet-pytorch names them, which are the names of the layers. */
  record Torch(Weights weights) implements FacenetWeights {

    @Override
    public Filters conv(String layer, int outputs, int inputs, int height, int width) {
      float[] values = weights.values(layer + ".conv.weight", outputs, inputs, height, width);
      return normed(
          new Filters(outputs, inputs, height, width, values, new float[outputs]), layer + ".bn");
    }

    @Override
    public Filters up(String layer, int outputs, int inputs) {
      return Filters.of(weights, layer, outputs, inputs, 1, 1);
    }

    @Override
    public Filters embedding(int outputs, int inputs) {
      return normed(Filters.denseWithoutBias(weights, "last_linear", outputs, inputs), "last_bn");
    }

    private Filters normed(Filters filters, String norm) {
      int channels = filters.outputs();
      return filters.normed(
          weights.values(norm + ".running_mean", channels),
          weights.values(norm + ".running_var", channels),
          weights.values(norm + ".weight", channels),
          weights.values(norm + ".bias", channels),
          EPSILON);
    }
  }
}
