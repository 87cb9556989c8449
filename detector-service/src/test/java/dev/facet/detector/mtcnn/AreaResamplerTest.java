package dev.facet.detector.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AreaResamplerTest {

  /** Made with torch.nn.functional.interpolate(mode="area") of PyTorch 1.13, on the same pixels. */
  @Test
  void meansAreThoseOfPyTorch() {
    float[] shrunk = resampled(Window.whole(drawn(7, 5)), 3, 4);
    float[] expected = {
      83, 136, 146.3333f, 158, 125.6667f, 136, 147.6667f, 115.3333f, 125.6667f, 132.3333f,
      142.6667f, 110.3333f, 124, 91.6667f, 102, 115.6667f, 126, 136.3333f, 96.3333f, 106.6667f, 117,
      90, 143, 153.3333f, 126.3333f, 136.6667f, 104.3333f, 103, 156, 166.3333f, 141.3333f,
      151.6667f, 119.3333f, 94.3333f, 104.6667f, 115
    };
    assertThat(shrunk).containsExactly(expected, within(1e-4f));
    float[] enlarged = resampled(Window.whole(drawn(3, 2)), 4, 5);
    assertThat(enlarged).hasSize(60).startsWith(0, 53, 106, 18.5f, 71.5f, 124.5f);
    assertThat(enlarged[36]).isEqualTo(91);
    assertThat(enlarged[24]).isEqualTo(45.5f);
    assertThat(resampled(Window.whole(drawn(40, 9)), 3, 2))
        .startsWith(new float[] {120.9857f, 130.1f, 131.9f}, within(1e-4f));
  }

  /** Of windows, up to spans that would overflow sixteen bits. */
  @Test
  void everyOutputIsTheMeanOfItsPixels() {
    Random random = new Random(7);
    for (int round = 0; round < 60; round++) {
      Pixels pixels = noise(1 + random.nextInt(60), 1 + random.nextInt(900), random);
      int x = random.nextInt(pixels.width());
      int y = random.nextInt(pixels.height());
      Window window =
          new Window(
              pixels,
              x,
              y,
              1 + random.nextInt(pixels.width() - x),
              1 + random.nextInt(pixels.height() - y));
      int width = 1 + random.nextInt(30);
      int height = 1 + random.nextInt(6);
      float[] actual = resampled(window, width, height);
      for (int i = 0; i < actual.length; i++) {
        float expected = mean(window, width, height, i / 3 % width, i / 3 / width, i % 3);
        assertThat(actual[i]).as("%s at %d", window, i).isCloseTo(expected, within(1e-4f));
      }
    }
  }

  @Test
  void planesHaveTheSameMeans() {
    Window window = Window.whole(noise(131, 40, new Random(4)));
    for (int columns : new int[] {1, 2, 17, 18}) {
      AreaResampler resampler = new AreaResampler(window, 100, 20, 5, 5 + columns);
      FloatBuffer interleaved = FloatBuffer.allocate(3 * columns);
      float[] planes = new float[2 + 6 * 11];
      resampler.row(7, interleaved);
      resampler.row(7, planes, 2, 11);
      for (int i = 0; i < 3 * columns; i++) {
        int x = i / 3;
        assertThat(planes[2 + (2 * (i % 3) + x % 2) * 11 + x / 2]).isEqualTo(interleaved.get(i));
      }
    }
  }

  @Test
  void partHasTheColumnsOfTheWhole() {
    Window window = Window.whole(noise(301, 40, new Random(3)));
    float[] whole = resampled(window, 100, 20);
    FloatBuffer part = FloatBuffer.allocate(3 * 17);
    new AreaResampler(window, 100, 20, 41, 58).row(9, part);
    for (int i = 0; i < 3 * 17; i++) {
      assertThat(part.get(i)).isEqualTo(whole[3 * (9 * 100 + 41) + i]);
    }
  }

  private static float[] resampled(Window window, int width, int height) {
    FloatBuffer out = FloatBuffer.allocate(3 * width * height);
    AreaResampler resampler = new AreaResampler(window, width, height, 0, width);
    for (int y = 0; y < height; y++) {
      resampler.row(y, out);
    }
    return out.array();
  }

  private static float mean(Window window, int width, int height, int x, int y, int channel) {
    double sum = 0;
    int count = 0;
    int bottom = (int) Math.ceil((y + 1.0) * window.height() / height);
    int right = (int) Math.ceil((x + 1.0) * window.width() / width);
    for (int row = y * window.height() / height; row < bottom; row++) {
      for (int column = x * window.width() / width; column < right; column++) {
        int at = (window.y() + row) * window.pixels().width() + window.x() + column;
        sum += window.pixels().rgb()[3 * at + channel] & 0xff;
        count++;
      }
    }
    return (float) (sum / count);
  }

  private static Pixels drawn(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % width;
      int y = i / 3 / width;
      rgb[i] = (byte) (x * 37 + y * 91 + i % 3 * 53 + x * y);
    }
    return new Pixels(width, height, rgb);
  }

  static Pixels noise(int width, int height, Random random) {
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    return new Pixels(width, height, rgb);
  }
}
