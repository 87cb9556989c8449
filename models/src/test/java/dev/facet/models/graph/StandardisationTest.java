package dev.facet.models.graph;

import static dev.facet.models.graph.TinyGraph.SIDE;
import static dev.facet.models.graph.TinyGraph.dimension;
import static dev.facet.models.graph.TinyGraph.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Standardisation per image, seen through a model that answers its own input. */
class StandardisationTest {

  private static final int COUNT = 3 * SIDE * SIDE;

  /** 0, 5, 10, … 235 by channel, row and column, and what NumPy makes of them in float64. */
  @Test
  void numbersAreThoseOfNumPy() throws Exception {
    byte[] pixels = new byte[COUNT];
    for (int i = 0; i < COUNT; i++) {
      pixels[i % (SIDE * SIDE) * 3 + i / (SIDE * SIDE)] = (byte) (5 * i);
    }

    float[] numbers = run(17, ColourOrder.RGB, pixels);

    assertThat(numbers[0]).isCloseTo(-1.6963346f, within(1e-6f));
    assertThat(numbers[1]).isCloseTo(-1.6241502f, within(1e-6f));
    assertThat(numbers[16]).isCloseTo(-0.5413834f, within(1e-6f));
    assertThat(numbers[47]).isCloseTo(1.6963346f, within(1e-6f));
  }

  /** Operator set 18 changed how axes are given. */
  @ParameterizedTest
  @CsvSource({"13, RGB", "13, BGR", "18, RGB", "18, BGR"})
  void everyPictureOfABatchIsStandardisedOnItsOwn(long opset, ColourOrder order) throws Exception {
    byte[] pixels = TinyGraph.pixels(3);
    for (int i = COUNT; i < 2 * COUNT; i++) {
      pixels[i] = (byte) (100 + (pixels[i] & 3)); // a picture of hardly any contrast
    }

    float[] numbers = run(opset, order, pixels);

    for (int picture = 0; picture < 3; picture++) {
      byte[] one = Arrays.copyOfRange(pixels, picture * COUNT, (picture + 1) * COUNT);
      float[] expected = standardised(TinyGraph.numbers(one, order, PixelScale.NONE));
      float[] actual = Arrays.copyOfRange(numbers, picture * COUNT, (picture + 1) * COUNT);
      assertThat(actual).containsExactly(expected, within(1e-5f));
    }
  }

  @Test
  void pictureOfOneColourBecomesNothingRatherThanNotANumber() throws Exception {
    byte[] grey = new byte[COUNT];
    Arrays.fill(grey, (byte) 200);

    assertThat(run(17, ColourOrder.RGB, grey)).containsOnly(0);
  }

  @Test
  void modelOfOpenSizeIsRefused() {
    byte[] onnx = echo(17, open());

    assertThatThrownBy(
            () -> GraphRewriter.of(onnx).imageInput(ColourOrder.RGB, Standardisation.PER_IMAGE))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("fixed height and width")
        .hasMessageContaining("'picture'");
  }

  /** The scale of one replaced system: 0..255 to 0..1. */
  @Test
  void divisionBy255IsAScale() throws Exception {
    PixelScale unit = new PixelScale(List.of(0.0, 0.0, 0.0), List.of(255.0, 255.0, 255.0));
    byte[] pixels = TinyGraph.pixels(1);
    byte[] served =
        GraphRewriter.of(echo(17, dimension(SIDE))).imageInput(ColourOrder.RGB, unit).toByteArray();

    float[] numbers =
        Objects.requireNonNull(PlainRun.onPixels(served, pixels, 1, SIDE, SIDE, 3).get("echo"));

    for (int i = 0; i < COUNT; i++) {
      int pixel = Byte.toUnsignedInt(pixels[i % (SIDE * SIDE) * 3 + i / (SIDE * SIDE)]);
      assertThat(numbers[i]).isCloseTo(pixel / 255f, within(1e-7f));
    }
  }

  private static float[] run(long opset, ColourOrder order, byte[] pixels) throws Exception {
    byte[] served =
        GraphRewriter.of(echo(opset, dimension(SIDE)))
            .imageInput(order, Standardisation.PER_IMAGE)
            .toByteArray();
    return Objects.requireNonNull(
        PlainRun.onPixels(served, pixels, pixels.length / COUNT, SIDE, SIDE, 3).get("echo"));
  }

  /** A model that answers the numbers it is given. */
  private static byte[] echo(long opset, Dimension width) {
    TinyGraph tiny = new TinyGraph(opset, open());
    tiny.graph.setInput(
        0, TinyGraph.floats("picture", open(), dimension(3), dimension(SIDE), width));
    return tiny.node("Identity", "echo", List.of("picture"))
        .output("echo", open(), dimension(3), dimension(SIDE), width)
        .flatOutput("out", open())
        .bytes();
  }

  private static float[] standardised(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += value / (double) values.length;
    }
    double squares = 0;
    for (float value : values) {
      squares += (value - mean) * (value - mean);
    }
    double deviation = Math.max(Math.sqrt(squares / values.length), 1 / Math.sqrt(values.length));
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) ((values[i] - mean) / deviation);
    }
    return result;
  }
}
