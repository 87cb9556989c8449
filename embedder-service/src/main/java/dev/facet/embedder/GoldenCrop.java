package dev.facet.embedder;

/**
 * A drawn face: crops that are the same, bit for bit, on every machine and belong to nobody.
 *
 * <p>A head, eyes, nose and mouth stand where the five-point template has them and are shaded by
 * Gaussians over a slanted light; the variant moves and darkens them. Only StrictMath is used.
 */
final class GoldenCrop {
  /** x, y and radius as fractions of the crop, and darkness: eyes, nose, mouth corners, mouth. */
  private static final double[][] FEATURES = {
    {0.342, 0.461, 0.055, 120}, {0.656, 0.460, 0.055, 120}, {0.500, 0.640, 0.060, 45},
    {0.371, 0.824, 0.050, 60}, {0.627, 0.823, 0.050, 60}, {0.500, 0.824, 0.090, 70}
  };

  private static final double[] SKIN = {1.0, 0.82, 0.70};

  private GoldenCrop() {}

  /** width × height × 3 bytes, RGB, row by row. */
  static byte[] draw(int variant, int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double light = light(variant, (x + 0.5) / width, (y + 0.5) / height);
        for (int channel = 0; channel < 3; channel++) {
          long value = StrictMath.round(Math.clamp(light * SKIN[channel], 0, 255));
          rgb[(y * width + x) * 3 + channel] = (byte) value;
        }
      }
    }
    return rgb;
  }

  private static double light(int variant, double x, double y) {
    double head = gaussian(x - 0.5, (y - 0.55) * 0.8, 0.42);
    double light = 40 + 180 * head * (1 - 0.15 * (variant % 3) * x);
    for (int i = 0; i < FEATURES.length; i++) {
      double[] feature = FEATURES[i];
      double shift = 0.012 * ((variant * 7 + i * 3) % 5 - 2);
      double darkness = feature[3] * (1 + 0.2 * ((variant + i) % 3 - 1));
      light -= darkness * gaussian(x - feature[0] - shift, y - feature[1] + shift, feature[2]);
    }
    return light;
  }

  private static double gaussian(double dx, double dy, double radius) {
    return StrictMath.exp(-(dx * dx + dy * dy) / (2 * radius * radius));
  }
}
