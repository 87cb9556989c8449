package dev.facet.cli;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Reads pictures the way up they were taken. */
final class UprightPicture {

  private UprightPicture() {}

  /**
   * Decodes a picture and applies its EXIF orientation.
   *
   * @return 8-bit RGB
   * @throws IOException when it cannot be decoded here
   */
  static BufferedImage read(byte[] encoded) throws IOException {
    ImageIO.setUseCache(false);
    BufferedImage stored = ImageIO.read(new ByteArrayInputStream(encoded));
    if (stored == null) {
      throw new IOException("the picture cannot be decoded here");
    }
    int width = stored.getWidth();
    int height = stored.getHeight();
    int orientation = orientation(encoded);
    boolean turned = orientation >= 5;
    BufferedImage upright =
        new BufferedImage(
            turned ? height : width, turned ? width : height, BufferedImage.TYPE_INT_RGB);
    var graphics = upright.createGraphics();
    graphics.drawImage(stored, toUpright(orientation, width, height), null);
    graphics.dispose();
    return upright;
  }

  /**
   * The transform for an EXIF orientation (tag 0x0112 of EXIF 2.32, §4.6.4), which names the sides
   * of the scene that the stored picture's first row and first column show.
   */
  static AffineTransform toUpright(int orientation, int width, int height) {
    return switch (orientation) {
      case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
      case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
      case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
      case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
      case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
      case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
      case 8 -> new AffineTransform(0, -1, 1, 0, 0, width);
      default -> new AffineTransform();
    };
  }

  private static int orientation(byte[] encoded) throws IOException {
    try {
      var directory =
          ImageMetadataReader.readMetadata(new ByteArrayInputStream(encoded))
              .getFirstDirectoryOfType(ExifIFD0Directory.class);
      Integer tag =
          directory == null ? null : directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
      return tag == null ? 1 : tag;
    } catch (ImageProcessingException e) {
      return 1;
    }
  }
}
