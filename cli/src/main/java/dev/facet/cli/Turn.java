package dev.facet.cli;

import com.google.protobuf.ByteString;
import dev.facet.proto.type.v1.Image;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A turn of a picture's pixels about its middle.
 *
 * <p>Multiples of 90 move every pixel as it is. Other turns interpolate (bicubic) and put the
 * picture on the smallest black canvas that holds it.
 *
 * @param degrees counter-clockwise
 */
record Turn(double degrees) {

  static final Turn NONE = new Turn(0);

  private static final int LARGEST = 360;

  static final class Converter implements ITypeConverter<Turn> {
    @Override
    public Turn convert(String text) {
      return parse(text);
    }
  }

  /**
   * Reads a turn.
   *
   * @throws TypeConversionException when it is no number, or more than a whole turn
   */
  static Turn parse(String text) {
    try {
      double degrees = Double.parseDouble(text);
      if (Math.abs(degrees) <= LARGEST) {
        return new Turn(degrees);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new TypeConversionException(
        "'%s' is no number from -%d to %d".formatted(text, LARGEST, LARGEST));
  }

  /**
   * The picture in a file, turned: PNG, so that nothing but the turn is lost. Not turned, it is the
   * file as it is.
   *
   * @throws CommandFailure when it cannot be decoded here, or is too large when turned
   */
  Image of(Path file) {
    Image image = Photos.image(file);
    if (degrees == 0) {
      return image;
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(of(UprightPicture.read(image.getData().toByteArray())), "png", png);
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
    Photos.requireSize(file + ", turned and as PNG,", png.size());
    return Image.newBuilder().setData(ByteString.copyFrom(png.toByteArray())).build();
  }

  /** A picture, turned. */
  BufferedImage of(BufferedImage picture) {
    boolean exact = degrees % 90 == 0;
    // Java 2D turns clockwise, as y grows downwards.
    AffineTransform turn =
        exact
            ? AffineTransform.getQuadrantRotateInstance((int) (-degrees / 90))
            : AffineTransform.getRotateInstance(Math.toRadians(-degrees));
    Rectangle2D bounds =
        turn.createTransformedShape(
                new Rectangle2D.Double(0, 0, picture.getWidth(), picture.getHeight()))
            .getBounds2D();
    int width = (int) Math.ceil(bounds.getWidth() - 1e-6);
    int height = (int) Math.ceil(bounds.getHeight() - 1e-6);
    AffineTransform placed =
        AffineTransform.getTranslateInstance(
            (width - bounds.getWidth()) / 2 - bounds.getX(),
            (height - bounds.getHeight()) / 2 - bounds.getY());
    placed.concatenate(turn);
    BufferedImage turned = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = turned.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        exact
            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
            : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(picture, placed, null);
    graphics.dispose();
    return turned;
  }
}
