package dev.facet.detector.mtcnn.pnet;

/**
 * A thread's memory for pictures of up to some width: of every layer the last few rows, in rings,
 * and where in them the rows under a window begin.
 */
final class Rings {
  /** Under two windows of the first layer, which are pooled. */
  static final int PIXEL_ROWS = 4;

  private static final int ROWS = 3;
  private static final int PIXEL_PLANES = 6;

  final float[] pixels;
  final float[] sums = new float[FirstLayer.SUMS];
  final float[] pooled;

  /** One row, from which the third layer's is made. */
  final float[] second;

  final float[] transformed;
  final float[] products = new float[ThirdLayer.POINTS * ThirdLayer.BLOCK * ThirdLayer.CHANNELS];
  final float[] third = new float[ThirdLayer.BLOCK * ThirdLayer.GROUP * ThirdLayer.CHANNELS];
  final float[] logits = new float[ThirdLayer.BLOCK * ThirdLayer.GROUP];

  /** Where the three rows under a window begin. */
  final int[] top = new int[ROWS];

  /** The same for the window below, which is pooled with it. */
  final int[] bottom = new int[ROWS];

  private final int width;
  private final int productPlane;

  Rings(int width) {
    int plane = ProposalKernel.plane(width);
    int columns = ProposalKernel.roundedUp(plane, ThirdLayer.BLOCK * ThirdLayer.GROUP);
    this.width = width;
    this.productPlane = columns / ThirdLayer.GROUP * SecondLayer.CHANNELS;
    this.pixels = new float[PIXEL_ROWS * PIXEL_PLANES * plane];
    this.pooled = new float[ROWS * FirstLayer.CHANNELS * plane + Lanes.COUNT];
    this.second = new float[(columns + SecondLayer.BLOCK) * SecondLayer.CHANNELS];
    this.transformed = new float[ROWS * ThirdLayer.POINTS * productPlane];
  }

  /** Pixels in the longest row that has room. */
  int width() {
    return width;
  }

  /** Numbers of each product of a row. */
  int productPlane() {
    return productPlane;
  }

  int pixelRow(int y, int plane) {
    return y % PIXEL_ROWS * PIXEL_PLANES * plane;
  }

  int pooledRow(int y, int plane) {
    return y % ROWS * FirstLayer.CHANNELS * plane;
  }

  int transformedRow(int y) {
    return y % ROWS * ThirdLayer.POINTS * productPlane;
  }

  /** The windows from row y and from the next on; the first twice if the picture ends with it. */
  void windowsOfPixels(int y, int height, int plane) {
    int next = y + ROWS < height ? 1 : 0;
    for (int row = 0; row < ROWS; row++) {
      top[row] = pixelRow(y + row, plane);
      bottom[row] = pixelRow(y + row + next, plane);
    }
  }

  void windowsOfPooled(int y, int plane) {
    for (int row = 0; row < ROWS; row++) {
      top[row] = pooledRow(y + row, plane);
    }
  }

  void windowsOfTransformed(int y) {
    for (int row = 0; row < ROWS; row++) {
      top[row] = transformedRow(y + row);
    }
  }
}
