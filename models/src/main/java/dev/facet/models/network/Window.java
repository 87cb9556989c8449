package dev.facet.models.network;

import dev.facet.models.graph.Attribute;

/**
 * How a convolution or a pooling moves over its input.
 *
 * @param down the step between rows
 * @param across the step between columns
 * @param padded whether zeros around the input let a window of odd sides visit every position
 */
record Window(int down, int across, boolean padded) {

  /** One step, and only where the whole window lies on the input. */
  static final Window VALID = new Window(1, 1, false);

  /** One step, and as many results as there are positions. */
  static final Window SAME = new Window(1, 1, true);

  Window stride(int step) {
    return new Window(step, step, padded);
  }

  Attribute strides() {
    return Attribute.integers("strides", down, across);
  }

  Attribute pads(int height, int width) {
    long rows = padded ? height / 2 : 0;
    long columns = padded ? width / 2 : 0;
    return Attribute.integers("pads", rows, columns, rows, columns);
  }
}
