package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.Pyramid.Level;
import dev.facet.detector.mtcnn.Tiling.Shape;
import dev.facet.detector.mtcnn.pnet.ProposalKernel;
import dev.facet.detector.mtcnn.pnet.ProposalKernel.Rows;
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
    int y = 2 * row;
    AreaResampler resampler = resampler();
    float[] right = new float[3 * (shape.width() - width)];
    for (int i = 0; i < height; i++) {
      resampler.row(y + i, out);
      out.put(right);
    }
    out.put(new float[3 * shape.width() * (shape.height() - height)]);
  }

  /** The tile's pixels row by row, each made when it is asked for. */
  Rows pixelRows() {
    AreaResampler resampler = resampler();
    int plane = ProposalKernel.plane(width);
    return (y, out, at) -> resampler.row(2 * row + y, out, at, plane);
  }

  /** Appends the cell at column {@code x} and row {@code y} of the tile. */
  void propose(
      Candidates proposals,
      int x,
      int y,
      float probability,
      float left,
      float top,
      float right,
      float bottom) {
    float scale = (float) level.scale();
    int across = 2 * (column + x) + 1;
    int down = 2 * (row + y) + 1;
    proposals.add(
        floor(across / scale),
        floor(down / scale),
        floor((across + Pyramid.CELL - 1) / scale),
        floor((down + Pyramid.CELL - 1) / scale),
        probability,
        left,
        top,
        right,
        bottom);
  }

  private AreaResampler resampler() {
    int x = 2 * column;
    return new AreaResampler(Window.whole(pixels), level.width(), level.height(), x, x + width);
  }

  private static float floor(float value) {
    return (float) Math.floor(value);
  }
}
