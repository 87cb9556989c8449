package dev.facet.detector.mtcnn.pnet;

import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.Weights;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Measures what each layer of the kernel takes for a cell, and with it which of them to work on.
 *
 * <p>Not a test. The argument is the file of P-Net's weights; the JVM needs {@code
 * --add-modules=jdk.incubator.vector}.
 */
final class LayerTimes {
  private static final int CELLS = 3 * ThirdLayer.BLOCK * ThirdLayer.GROUP;
  private static final int WIDTH = 2 * CELLS + 10;
  private static final int ROUNDS = 15;
  private static final int RUNS = 2000;

  private LayerTimes() {}

  public static void main(String[] arguments) {
    Weights trained = Checkpoint.read(Path.of(arguments[0]));
    FirstLayer first = new FirstLayer(trained);
    SecondLayer second = new SecondLayer(trained);
    ThirdLayer third = new ThirdLayer(trained);
    Head head = new Head(trained);
    Rings rings = new Rings(WIDTH);
    int plane = ProposalKernel.plane(WIDTH);
    Random random = new Random(1);
    for (int i = 0; i < rings.pixels.length; i++) {
      rings.pixels[i] = random.nextInt(256);
    }
    int columns = CELLS + 4;
    rings.windowsOfPixels(0, Rings.PIXEL_ROWS, plane);
    print(
        "first",
        columns,
        () ->
            first.row(
                rings.pixels,
                rings.top,
                rings.bottom,
                rings.sums,
                rings.pooled,
                0,
                plane,
                columns,
                columns));
    rings.windowsOfPooled(0, plane);
    print(
        "second",
        CELLS + 2,
        () -> second.row(rings.pooled, plane, rings.top, rings.second, CELLS + 2));
    print(
        "third, transformation",
        CELLS,
        () ->
            ThirdLayer.transform(
                rings.second,
                rings.transformed,
                0,
                rings.productPlane(),
                CELLS / ThirdLayer.GROUP));
    rings.windowsOfTransformed(0);
    print(
        "third, products and columns",
        CELLS,
        () -> {
          for (int group = 0; group < CELLS / ThirdLayer.GROUP; group += ThirdLayer.BLOCK) {
            third.block(
                rings.transformed,
                rings.productPlane(),
                rings.top,
                group,
                rings.products,
                rings.third);
          }
        });
    int block = ThirdLayer.BLOCK * ThirdLayer.GROUP;
    print("head", block, () -> head.logits(rings.third, block, rings.logits));
  }

  private static void print(String layer, int cells, Runnable row) {
    double[] nanos = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int run = 0; run < RUNS; run++) {
        row.run();
      }
      nanos[round] = (double) (System.nanoTime() - start) / RUNS / cells;
    }
    Arrays.sort(nanos);
    System.out.printf("%-28s %5.1f ns a cell%n", layer, nanos[0]);
  }
}
