package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** A photo that can be had in other sizes. */
final class Photo {

  private static final float JPEG_QUALITY = 0.9f;

  private final BufferedImage image;

  private Photo(BufferedImage image) {
    this.image = image;
  }

  static Photo read(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new BenchFailure(BenchFailure.REFUSED, file + ": not a picture");
      }
      return new Photo(image);
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  /** The middle of the photo, scaled so that it fills this size. */
  Photo filling(int width, int height) {
    double scale = Math.max((double) width / width(), (double) height / height());
    int across = Math.max(width, (int) Math.round(width() * scale));
    int down = Math.max(height, (int) Math.round(height() * scale));
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(image, (width - across) / 2, (height - down) / 2, across, down, null);
    graphics.dispose();
    return new Photo(scaled);
  }

  byte[] png() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e); // writing into memory
    }
    return bytes.toByteArray();
  }

  byte[] jpeg() {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      how.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), how);
    } catch (IOException e) {
      throw new IllegalStateException(e); // writing into memory
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
