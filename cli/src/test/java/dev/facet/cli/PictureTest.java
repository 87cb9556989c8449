package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.type.v1.Box;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.v1.FoundFace;
import java.awt.Color;
import java.awt.geom.Point2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading pictures upright and drawing on them. */
class PictureTest {

  private static final int GREY = 0xFF808080;

  /** One red pixel; WebP, lossless. */
  private static final String WEBP = "UklGRh4AAABXRUJQVlA4TBIAAAAvAAAAAIj+R/8DAAAAAAAAAAA=";

  private static FoundFace face(float x, float y, float width, float height) {
    Point point = Point.newBuilder().setX(x + width / 2).setY(y + height / 2).build();
    return FoundFace.newBuilder()
        .setBox(Box.newBuilder().setX(x).setY(y).setWidth(width).setHeight(height))
        .setLandmarks(
            Landmarks.newBuilder()
                .setLeftEye(point)
                .setRightEye(point)
                .setNose(point)
                .setLeftMouthCorner(point)
                .setRightMouthCorner(point))
        .setScore(0.87f)
        .build();
  }

  private static BufferedImage grey(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, GREY);
      }
    }
    return picture;
  }

  @Test
  void boxLandmarksAndScoreAreDrawnWhereTheyAre() {
    BufferedImage picture = grey(200, 100);
    FaceDrawing.draw(picture, List.of(face(50, 20, 80, 60)));

    assertThat(picture.getRGB(50, 60)).as("left edge").isNotEqualTo(GREY);
    assertThat(picture.getRGB(100, 80)).as("lower edge").isNotEqualTo(GREY);
    assertThat(new Color(picture.getRGB(90, 50)).getRed()).as("landmark").isGreaterThan(200);
    assertThat(picture.getRGB(52, 15)).as("score, above the box").isNotEqualTo(GREY);
    assertThat(picture.getRGB(60, 26)).as("forehead").isEqualTo(GREY);
    assertThat(picture.getRGB(20, 50)).as("outside").isEqualTo(GREY);
    assertThat(picture.getRGB(120, 70)).as("inside, away from the landmarks").isEqualTo(GREY);
  }

  /** 45 degrees put the corners of a square above, below and beside its middle. */
  @Test
  void theBoxOfALeaningFaceLeans() {
    BufferedImage picture = grey(200, 200);
    FaceDrawing.draw(
        picture, List.of(face(60, 60, 80, 80).toBuilder().setAngle(45).setScore(0).build()));

    int corner = (int) Math.round(40 * Math.sqrt(2));
    assertThat(picture.getRGB(100 - corner + 1, 100)).as("left corner").isNotEqualTo(GREY);
    assertThat(picture.getRGB(100, 100 + corner - 1)).as("lower corner").isNotEqualTo(GREY);
    assertThat(picture.getRGB(60, 140)).as("where the upright corner was").isEqualTo(GREY);
  }

  @Test
  void aBoxLeansClockwiseByTheAngleThatMakesItUpright() {
    BufferedImage picture = grey(200, 200);
    FaceDrawing.draw(picture, List.of(face(50, 90, 100, 20).toBuilder().setAngle(30).build()));

    // The middle of the short right edge has moved down, that of the left edge up.
    int x = (int) Math.round(50 * Math.cos(Math.toRadians(30)));
    assertThat(picture.getRGB(100 + x, 125)).as("right edge").isNotEqualTo(GREY);
    assertThat(picture.getRGB(100 - x, 75)).as("left edge").isNotEqualTo(GREY);
    assertThat(picture.getRGB(100 + x, 75)).as("upper right").isEqualTo(GREY);
  }

  @ParameterizedTest
  @CsvSource({"0,0,0", "90,0,3", "180,3,2", "270,2,0", "-90,2,0", "-180,3,2", "360,0,0"})
  void aQuarterTurnMovesEveryPixelAsItIs(double degrees, int x, int y) {
    BufferedImage picture = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 12; i++) {
      picture.setRGB(i % 4, i / 4, 0xFF000000 | (i * 21) << 8);
    }
    BufferedImage turned = new Turn(degrees).of(picture);

    boolean lying = degrees % 180 != 0;
    assertThat(turned.getWidth()).isEqualTo(lying ? 3 : 4);
    assertThat(turned.getHeight()).isEqualTo(lying ? 4 : 3);
    // Counter-clockwise, the first pixel goes down the left side, then along the lower one.
    assertThat(turned.getRGB(x, y)).isEqualTo(picture.getRGB(0, 0));
    assertThat(pixels(turned)).containsExactlyInAnyOrderElementsOf(pixels(picture));
  }

  private static List<Integer> pixels(BufferedImage picture) {
    int[] rgb =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    return Arrays.stream(rgb).boxed().toList();
  }

  @Test
  void anotherTurnKeepsTheWholePictureOnABlackCanvas() {
    BufferedImage turned = new Turn(45).of(grey(100, 100));

    assertThat(turned.getWidth()).isEqualTo(142);
    assertThat(turned.getHeight()).isEqualTo(142);
    assertThat(turned.getRGB(71, 71)).isEqualTo(GREY);
    assertThat(turned.getRGB(71, 3)).as("upper corner").isEqualTo(GREY);
    assertThat(turned.getRGB(3, 3)).as("beside it").isEqualTo(0xFF000000);
  }

  @Test
  void aFaceThatLeavesThePictureIsDrawnAsFarAsItGoes() {
    BufferedImage picture = grey(60, 60);
    FaceDrawing.draw(picture, List.of(face(-20, -20, 60, 60)));

    assertThat(picture.getRGB(40, 20)).as("right edge").isNotEqualTo(GREY);
  }

  @Test
  void atThePicturesTopTheScoreIsBelowTheBox() {
    BufferedImage picture = grey(100, 100);
    FaceDrawing.draw(picture, List.of(face(10, 2, 40, 50)));

    assertThat(picture.getRGB(12, 57)).as("score, below the box").isNotEqualTo(GREY);
    assertThat(picture.getRGB(14, 8)).as("inside").isEqualTo(GREY);
  }

  /** Where the stored picture's first pixel (its centre) is shown, in a picture stored 40 x 30. */
  @ParameterizedTest
  @CsvSource({
    "1,0.5,0.5",
    "2,39.5,0.5",
    "3,39.5,29.5",
    "4,0.5,29.5",
    "5,0.5,0.5",
    "6,29.5,0.5",
    "7,29.5,39.5",
    "8,0.5,39.5",
    "0,0.5,0.5",
    "9,0.5,0.5"
  })
  void orientationPutsTheFirstPixelWhereItBelongs(int orientation, double x, double y) {
    Point2D shown =
        UprightPicture.toUpright(orientation, 40, 30).transform(new Point2D.Double(0.5, 0.5), null);

    assertThat(shown).isEqualTo(new Point2D.Double(x, y));
  }

  @Test
  void aJpegIsTurnedAsItsExifSays() throws IOException {
    BufferedImage stored = grey(40, 32);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        stored.setRGB(x, y, 0xFFFF0000);
      }
    }
    BufferedImage upright = UprightPicture.read(withOrientation(jpeg(stored), 6));

    assertThat(upright.getWidth()).isEqualTo(32);
    assertThat(upright.getHeight()).isEqualTo(40);
    assertThat(new Color(upright.getRGB(27, 4)).getRed()).as("upper right").isGreaterThan(200);
    assertThat(new Color(upright.getRGB(4, 4)).getRed()).as("upper left").isLessThan(180);
  }

  @Test
  void webpIsRead() throws IOException {
    BufferedImage picture = UprightPicture.read(Base64.getDecoder().decode(WEBP));

    assertThat(picture.getRGB(0, 0)).isEqualTo(0xFFFF0000);
  }

  @Test
  void detectWritesTheDrawing(@TempDir Path folder) throws IOException {
    Path photo = folder.resolve("photo.png");
    ImageIO.write(grey(40, 30), "png", photo.toFile());
    Path drawing = folder.resolve("faces.png");
    try (FakeGateway gateway = new FakeGateway()) {
      Facet run =
          Facet.run(
              "detect",
              photo.toString(),
              "--draw",
              drawing.toString(),
              "--gateway",
              gateway.address());

      assertThat(run.exitCode()).isZero();
      assertThat(run.out()).contains("1 face in 40x30 pixels").doesNotContain("found at");
    }
    BufferedImage drawn = ImageIO.read(Files.newInputStream(drawing));
    assertThat(drawn.getRGB(2, 20)).as("left edge of the face").isNotEqualTo(GREY);
    assertThat(drawn.getRGB(35, 5)).as("outside").isEqualTo(GREY);
  }

  private static byte[] jpeg(BufferedImage picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpeg", bytes);
    return bytes.toByteArray();
  }

  /** Puts an EXIF segment with nothing but the orientation after the start marker. */
  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.putShort((short) 0xFFE1).putShort((short) 34);
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    // TIFF, big-endian: header, one directory of one entry (0x0112, a short), no next directory.
    exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    exif.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0).putInt(0);
    return ByteBuffer.allocate(jpeg.length + exif.capacity())
        .put(jpeg, 0, 2)
        .put(exif.array())
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }
}
