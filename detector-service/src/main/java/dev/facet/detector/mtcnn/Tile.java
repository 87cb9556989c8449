package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.Pyramid.Level;
import dev.facet.detector.mtcnn.Tiling.Shape;
import java.nio.FloatBuffer;

/**
 * A part of a level that the proposal network sees by itself: a rectangle of its cells, with the
 * pixels under them. Cell (c, r) looks at the {@value Pyramid#CELL} pixels from (2c, 2r) on.
 *
 * @param shape of the input that the tile is drawn on, at its top left
 * @param width pixels of the level under the tile
 * @param height pixels of the level under the tile
 * @param minScore what the caller takes for a candidate
 */
record Tile(
    Pixels pixels,
    Level level,
    Shape shape,
    int column,
    int row,
    int columns,
    int rows,
    int width,
    int height,
    float minScore) {

  /** Appends the tile's pixels, padded with zeros to its shape. */
  void draw(FloatBuffer out) {
    int x = 2 * column;
    int y = 2 * row;
    AreaResampler resampler =
        new AreaResampler(Window.whole(pixels), level.width(), level.height(), x, x + width);
    float[] right = new float[3 * (shape.width() - width)];
    for (int i = 0; i < height; i++) {
      resampler.row(y + i, out);
      out.put(right);
    }
    out.put(new float[3 * shape.width() * (shape.height() - height)]);
  }
}
