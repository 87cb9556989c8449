package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.bench.BenchFailure;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoTest {

  private static final int WHITE = 0xffffff;

  @TempDir private Path folder;

  /** Its middle third is white: what is left of it when the sides are cut off. */
  @Test
  void fillingASizeKeepsTheMiddle() throws Exception {
    BufferedImage wide = new BufferedImage(300, 100, BufferedImage.TYPE_INT_RGB);
    for (int x = 100; x < 200; x++) {
      for (int y = 0; y < 100; y++) {
        wide.setRGB(x, y, WHITE);
      }
    }
    Path file = folder.resolve("wide.png");
    ImageIO.write(wide, "png", file.toFile());

    byte[] png = Photo.read(file).filling(50, 50).png();

    BufferedImage filled = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(filled.getWidth()).isEqualTo(50);
    assertThat(filled.getHeight()).isEqualTo(50);
    assertThat(filled.getRGB(25, 25) & WHITE).isEqualTo(WHITE);
    assertThat(filled.getRGB(3, 25) & WHITE).isEqualTo(WHITE);
  }

  @Test
  void whatIsNoPictureIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("words.jpg"), "words");

    assertThatThrownBy(() -> Photo.read(file))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("not a picture");
  }
}
