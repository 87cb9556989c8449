package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.Pyramid.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Cuts levels into tiles for the proposal network.
 *
 * <p>The network is a convolution, so a tile's cells are those of the whole level, given the pixels
 * under them: ten more each way than two for each cell. Small tiles stay in a processor's cache
 * between the layers, bound the memory of a run whatever the picture, and spread one picture over
 * all runners. On a processor a tile has the size that it happens to have, as a new shape costs
 * nothing there; on a GPU it is drawn on one of a few shapes.
 *
 * @param most the largest tile's input
 * @param shapes those there are; none is any
 */
record Tiling(Shape most, List<Shape> shapes) {
  /** Pixels of a level under a tile beyond two for each of its cells. */
  private static final int MARGIN = 10;

  /** Size of an input in pixels. */
  record Shape(int width, int height) {}

  /** 64 rows of 128 cells: the fastest of ten sizes tried, see docs/decisions.md. */
  static Tiling exact() {
    return new Tiling(new Shape(2 * 128 + MARGIN, 2 * 64 + MARGIN), List.of());
  }

  /** Squares that are all run before the first caller comes. */
  static Tiling squares() {
    List<Shape> shapes =
        List.of(new Shape(64, 64), new Shape(128, 128), new Shape(256, 256), new Shape(512, 512));
    return new Tiling(shapes.getLast(), shapes);
  }

  /** The network's cells along a side of the input. */
  static int cells(int pixels) {
    return Math.ceilDiv(pixels - 2, 2) - 4;
  }

  /** The tiles of a level, row by row. */
  List<Tile> cut(Pixels pixels, Level level, float minScore) {
    int columns = cells(level.width());
    int rows = cells(level.height());
    int across = Math.ceilDiv(columns, cells(most.width()));
    int down = Math.ceilDiv(rows, cells(most.height()));
    List<Tile> tiles = new ArrayList<>(across * down);
    for (int j = 0; j < down; j++) {
      int top = rows * j / down;
      int bottom = rows * (j + 1) / down;
      int height = pixels(top, bottom, rows, level.height());
      for (int i = 0; i < across; i++) {
        int left = columns * i / across;
        int right = columns * (i + 1) / across;
        int width = pixels(left, right, columns, level.width());
        tiles.add(
            new Tile(
                pixels,
                level,
                shape(width, height),
                left,
                top,
                right - left,
                bottom - top,
                width,
                height,
                minScore));
      }
    }
    return tiles;
  }

  /**
   * An empty tile of every shape to be run before the first caller comes; one where any may come.
   */
  List<Tile> blanks() {
    Pixels pixels = new Pixels(1, 1, new byte[3]);
    return (shapes.isEmpty() ? List.of(most) : shapes)
        .stream()
            .map(
                shape ->
                    new Tile(
                        pixels,
                        new Level(1, shape.width(), shape.height()),
                        shape,
                        0,
                        0,
                        cells(shape.width()),
                        cells(shape.height()),
                        shape.width(),
                        shape.height(),
                        1))
            .toList();
  }

  /** The last cell of an odd side looks at one pixel less: the pooling takes what is there. */
  private static int pixels(int from, int to, int cells, int side) {
    return to == cells ? side - 2 * from : 2 * (to - from) + MARGIN;
  }

  private Shape shape(int width, int height) {
    return shapes.stream()
        .filter(shape -> width <= shape.width() && height <= shape.height())
        .min(Comparator.comparingInt(shape -> shape.width() * shape.height()))
        .orElse(new Shape(width, height));
  }
}
