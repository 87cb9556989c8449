package dev.facet.models;

/**
 * The picture of a face that an embedder takes.
 *
 * @param width in pixels
 * @param height in pixels
 */
public record CropGeometry(int width, int height, Alignment alignment) {

  public CropGeometry {
    Rules.require(width >= 16 && width <= 1024, "crop.width must be 16 to 1024", width);
    Rules.require(height >= 16 && height <= 1024, "crop.height must be 16 to 1024", height);
    if (alignment instanceof Alignment.Template template) {
      template
          .points()
          .forEach(
              p ->
                  Rules.require(
                      p.x() >= 0 && p.x() <= width && p.y() >= 0 && p.y() <= height,
                      "points of crop.alignment.template must lie in the crop",
                      p));
    }
  }
}
