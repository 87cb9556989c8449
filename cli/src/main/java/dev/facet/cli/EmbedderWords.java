package dev.facet.cli;

import dev.facet.models.Alignment;
import dev.facet.models.Catalogue;
import dev.facet.models.CropGeometry;
import dev.facet.models.Task;
import dev.facet.models.graph.ColourOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people write of an embedding model, read; each throws IllegalArgumentException. */
final class EmbedderWords {

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,4})[x×]([0-9]{1,4})");

  /** Width and height in pixels. */
  record Size(int width, int height) {}

  private EmbedderWords() {}

  /** Reads {@code 112x112}. */
  static Size size(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("a size is WIDTHxHEIGHT, not '%s'".formatted(text));
    }
    return new Size(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  static ColourOrder colours(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "rgb" -> ColourOrder.RGB;
      case "bgr" -> ColourOrder.BGR;
      default -> throw new IllegalArgumentException("colours are rgb or bgr, not '" + text + "'");
    };
  }

  /** One number for all channels, or three for red, green and blue. */
  static List<Double> channels(String text) {
    List<Double> numbers = Arrays.stream(text.split(",", -1)).map(EmbedderWords::number).toList();
    return switch (numbers.size()) {
      case 1 -> Collections.nCopies(3, numbers.getFirst());
      case 3 -> numbers;
      default ->
          throw new IllegalArgumentException(
              "one number, or three for red, green and blue, not '%s'".formatted(text));
    };
  }

  static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s' is not a number".formatted(text), e);
    }
  }

  /** Yes or no. */
  static boolean agreed(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> true;
      case "n", "no" -> false;
      default -> throw new IllegalArgumentException("yes or no, not '" + text + "'");
    };
  }

  /**
   * Reads {@code arcface}, {@code dlib} or {@code box=FRACTION} for a crop of that size. The
   * templates are those of 112×112 and 150×150 pixels, scaled.
   */
  static CropGeometry crop(String text, Size size) {
    Alignment alignment =
        switch (text) {
          case "arcface" -> scaled("mobilefacenet", size);
          case "dlib" -> scaled("dlib-resnet", size);
          default -> {
            if (!text.startsWith("box=")) {
              throw new IllegalArgumentException(
                  "alignment is arcface, dlib or box=FRACTION, not '%s'".formatted(text));
            }
            yield new Alignment.BoxMargin(number(text.substring("box=".length())));
          }
        };
    return new CropGeometry(size.width, size.height, alignment);
  }

  private static Alignment scaled(String model, Size size) {
    if (Catalogue.bundled().model(model).task() instanceof Task.Embedding embedding
        && embedding.crop().alignment() instanceof Alignment.Template template) {
      CropGeometry own = embedding.crop();
      return template.scaled(
          (double) size.width / own.width(), (double) size.height / own.height());
    }
    throw new IllegalStateException(model + " has no template");
  }
}
