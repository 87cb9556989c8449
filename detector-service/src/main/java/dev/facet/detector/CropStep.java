package dev.facet.detector;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How coarsely a picture may be decoded for the crops that are cut out of it.
 *
 * <p>A crop of a large face has fewer pixels than the face, so most of them are averaged away. The
 * decoder may do that as well, as long as it leaves {@value #LEAST_STEP}, along each side, for one
 * of the crop: then the vectors of both are alike to a cosine of 0.999.
 */
final class CropStep {
  private static final double LEAST_STEP = 1.5;

  private CropStep() {}

  /** Pixels of the picture, along each side, that may become one for all of these maps. */
  static double of(List<Affine> toCrops) {
    return most(toCrops.stream().mapToDouble(Affine::leastStep));
  }

  /** The same for all crops of these faces, and for what is said of their quality. */
  static double of(List<Face> faces, List<CropSpec> crops, int width, int height) {
    Stream<Affine> maps =
        faces.stream()
            .flatMap(face -> crops.stream().map(spec -> spec.from(face.place(), width, height)));
    return most(
        DoubleStream.concat(
            maps.mapToDouble(Affine::leastStep), faces.stream().mapToDouble(Quality::step)));
  }

  private static double most(DoubleStream steps) {
    return steps.min().orElse(Double.POSITIVE_INFINITY) / LEAST_STEP;
  }
}
