package dev.facet.cli;

import dev.facet.proto.type.v1.Box;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.v1.FoundFace;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * Draws faces over a picture: box (leaning as the face does), five landmarks and score.
 *
 * <p>The digits of the score are drawn here, dot by dot: a machine without fonts (a container) can
 * draw shapes but no text.
 */
final class FaceDrawing {

  private static final Color BOX = new Color(0x00, 0xE0, 0x60);
  private static final Color LANDMARK = new Color(0xFF, 0x40, 0x40);
  private static final Color PLATE = new Color(0, 0, 0, 160);
  private static final Color INK = Color.WHITE;

  private static final int GLYPH_WIDTH = 3;
  private static final int GLYPH_HEIGHT = 5;

  /** Rows of the digits 0 to 9, three dots each, from the top; then the point. */
  private static final String[] GLYPHS = {
    "### #.# #.# #.# ###",
    ".#. ##. .#. .#. ###",
    "### ..# ### #.. ###",
    "### ..# ### ..# ###",
    "#.# #.# ### ..# ..#",
    "### #.. ### ..# ###",
    "### #.. ### #.# ###",
    "### ..# ..# ..# ..#",
    "### #.# ### #.# ###",
    "### #.# ### ..# ###",
    "... ... ... ... .#."
  };

  private FaceDrawing() {}

  static void draw(BufferedImage picture, List<FoundFace> faces) {
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    int longerSide = Math.max(picture.getWidth(), picture.getHeight());
    int line = Math.max(1, Math.round(longerSide / 400f));
    for (FoundFace face : faces) {
      graphics.setStroke(new BasicStroke(line));
      Shape box = box(face);
      graphics.setColor(BOX);
      graphics.draw(box);
      drawLandmarks(graphics, face.getLandmarks(), line);
      drawScore(graphics, face.getScore(), box.getBounds2D(), line);
    }
    graphics.dispose();
  }

  /**
   * The contract's angle turns the picture counter-clockwise until the face is upright, so the face
   * leans clockwise by it, which is how Java 2D counts.
   */
  private static Shape box(FoundFace face) {
    Box box = face.getBox();
    Rectangle2D upright =
        new Rectangle2D.Float(box.getX(), box.getY(), box.getWidth(), box.getHeight());
    return AffineTransform.getRotateInstance(
            Math.toRadians(face.getAngle()), upright.getCenterX(), upright.getCenterY())
        .createTransformedShape(upright);
  }

  private static void drawLandmarks(Graphics2D graphics, Landmarks landmarks, int line) {
    graphics.setColor(LANDMARK);
    float diameter = 2f * line + 1;
    for (Point point :
        List.of(
            landmarks.getLeftEye(),
            landmarks.getRightEye(),
            landmarks.getNose(),
            landmarks.getLeftMouthCorner(),
            landmarks.getRightMouthCorner())) {
      // The contract's (0, 0) is the centre of the first pixel, Java 2D's is its corner.
      graphics.fill(
          new Ellipse2D.Float(
              point.getX() + 0.5f - diameter / 2,
              point.getY() + 0.5f - diameter / 2,
              diameter,
              diameter));
    }
  }

  /** On a dark plate above the box, or below it where the picture ends. */
  private static void drawScore(Graphics2D graphics, float score, Rectangle2D box, int line) {
    String text = String.format(Locale.ROOT, "%.2f", score);
    int dot = line + 1;
    int left = (int) Math.max(0, Math.round(box.getMinX()));
    int height = (GLYPH_HEIGHT + 2) * dot;
    int above = (int) Math.round(box.getMinY()) - line - height;
    int below = (int) Math.round(box.getMaxY()) + line;
    int top = above >= 0 ? above : below;
    graphics.setColor(PLATE);
    graphics.fillRect(left, top, (text.length() * (GLYPH_WIDTH + 1) + 1) * dot, height);
    graphics.setColor(INK);
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      String glyph = GLYPHS[character == '.' ? 10 : character - '0'];
      for (int y = 0; y < GLYPH_HEIGHT; y++) {
        for (int x = 0; x < GLYPH_WIDTH; x++) {
          if (glyph.charAt(y * (GLYPH_WIDTH + 1) + x) == '#') {
            graphics.fillRect(
                left + (i * (GLYPH_WIDTH + 1) + 1 + x) * dot, top + (1 + y) * dot, dot, dot);
          }
        }
      }
    }
  }
}
