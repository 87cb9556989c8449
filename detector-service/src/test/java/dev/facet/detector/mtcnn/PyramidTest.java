package dev.facet.detector.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.detector.mtcnn.Pyramid.Level;
import dev.facet.detector.mtcnn.Tiling.Shape;
import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PyramidTest {
  private static final Pixels PIXEL = new Pixels(1, 1, new byte[3]);

  /** The reference's sizes for 1280 by 720 pixels. */
  @Test
  void levelsAreThoseOfTheReference() {
    assertThat(Pyramid.levels(1280, 720, 20, 0.709).stream().map(l -> l.width() + "x" + l.height()))
        .containsExactly(
            "769x433", "545x307", "387x218", "274x154", "195x110", "138x78", "98x55", "70x39",
            "50x28", "35x20", "25x14");
  }

  @Test
  void smallestFaceLargerThanThePictureHasNoLevel() {
    assertThat(Pyramid.levels(1000, 19, 20, 0.709)).isEmpty();
    assertThat(Pyramid.levels(1000, 20, 20, 0.709)).hasSize(1);
  }

  /** Every cell once, and under each tile the pixels that its cells look at. */
  @Test
  void tilesCoverALevel() {
    for (Tiling tiling : List.of(Tiling.exact(), Tiling.squares())) {
      for (int width = 12; width < 1200; width += 37) {
        Level level = new Level(1, width, 700 - width / 2);
        int columns = Tiling.cells(level.width());
        int rows = Tiling.cells(level.height());
        BitSet seen = new BitSet(columns * rows);
        for (Tile tile : tiling.cut(PIXEL, level, 0)) {
          assertThat(Tiling.cells(tile.width())).isEqualTo(tile.columns());
          assertThat(Tiling.cells(tile.height())).isEqualTo(tile.rows());
          assertThat(2 * tile.column() + tile.width()).isLessThanOrEqualTo(level.width());
          assertThat(2 * tile.row() + tile.height()).isLessThanOrEqualTo(level.height());
          assertThat(tile.shape().width()).isBetween(tile.width(), tiling.most().width());
          assertThat(tile.shape().height()).isBetween(tile.height(), tiling.most().height());
          for (int i = 0; i < tile.columns() * tile.rows(); i++) {
            int x = tile.column() + i % tile.columns();
            int y = tile.row() + i / tile.columns();
            assertThat(seen.get(y * columns + x)).isFalse();
            seen.set(y * columns + x);
          }
        }
        assertThat(seen.cardinality()).isEqualTo(columns * rows);
      }
    }
  }

  /** A tile of a GPU's shape shows its part of the level at the top left, and black beside it. */
  @Test
  void tileIsItsPartOfTheLevelOnBlack() {
    Pixels pixels = AreaResamplerTest.noise(1500, 700, new Random(5));
    Level level = new Level(0.6, 901, 421);
    FloatBuffer whole = FloatBuffer.allocate(3 * 901 * 421);
    AreaResampler resampler = new AreaResampler(Window.whole(pixels), 901, 421, 0, 901);
    for (int y = 0; y < 421; y++) {
      resampler.row(y, whole);
    }
    Tile tile = Tiling.squares().cut(pixels, level, 0).getLast();
    assertThat(tile.shape()).isEqualTo(new Shape(512, 512));
    FloatBuffer drawn = FloatBuffer.allocate(3 * 512 * 512);
    tile.draw(drawn);
    assertThat(drawn.hasRemaining()).isFalse();
    for (int i = 0; i < drawn.capacity(); i++) {
      int x = i / 3 % 512;
      int y = i / 3 / 512;
      int at = 3 * ((2 * tile.row() + y) * 901 + 2 * tile.column() + x) + i % 3;
      boolean shown = x < tile.width() && y < tile.height();
      assertThat(drawn.get(i)).isEqualTo(shown ? whole.get(at) : 0);
    }
  }
}
