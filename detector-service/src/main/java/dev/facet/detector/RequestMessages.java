package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.detector.image.ImageFormat;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.MtcnnOptions;
import dev.facet.proto.type.v1.SquareSide;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The contract's requests as the detector's values; what is wrong with them goes to the checks. */
final class RequestMessages {
  private static final int MAX_CROP_SPECS = 8;
  private static final ChipSpec STANDARD_CHIP = new ChipSpec(ImageFormat.PNG, 2, 512, 95);

  private RequestMessages() {}

  static SearchOptions searchOptions(DetectionOptions options, RequestChecks checks) {
    SearchOptions search =
        new SearchOptions(
            optional(options.hasMinScore(), options.getMinScore()),
            optional(options.hasMinSize(), options.getMinSize()),
            optional(options.hasMaxOverlap(), options.getMaxOverlap()),
            optional(options.hasMaxSide(), options.getMaxSide()),
            options.getAnglesList(),
            optional(options.hasMtcnn(), cascade(options.getMtcnn())));
    search.check(checks);
    return search;
  }

  private static SearchOptions.Cascade cascade(MtcnnOptions options) {
    return new SearchOptions.Cascade(
        optional(options.hasPyramidFactor(), options.getPyramidFactor()),
        optional(options.hasProposalMinScore(), options.getProposalMinScore()),
        optional(options.hasRefinementMinScore(), options.getRefinementMinScore()),
        optional(options.hasOutputMinScore(), options.getOutputMinScore()),
        optional(options.hasProposalMaxOverlap(), options.getProposalMaxOverlap()),
        optional(options.hasRefinementMaxOverlap(), options.getRefinementMaxOverlap()),
        optional(options.hasOutputMaxOverlap(), options.getOutputMaxOverlap()),
        optional(options.hasRotationMaxOverlap(), options.getRotationMaxOverlap()));
  }

  private static <T> Optional<T> optional(boolean set, T value) {
    return set ? Optional.of(value) : Optional.empty();
  }

  static FaceChooser chooser(DetectionOptions options, RequestChecks checks) {
    checks.count("options.max_faces", options.getMaxFaces(), 0, Integer.MAX_VALUE);
    FaceChoice choice =
        switch (options.getChoice()) {
          case FACE_CHOICE_UNSPECIFIED, FACE_CHOICE_ALL -> FaceChoice.ALL;
          case FACE_CHOICE_ONLY -> FaceChoice.ONLY;
          case FACE_CHOICE_LARGEST -> FaceChoice.LARGEST;
          case FACE_CHOICE_MOST_PROBABLE -> FaceChoice.MOST_PROBABLE;
          case FACE_CHOICE_MOST_CENTRAL -> FaceChoice.MOST_CENTRAL;
          case UNRECOGNIZED -> {
            checks.expect(false, "options.choice", "is none of the choices there are");
            yield FaceChoice.ALL;
          }
        };
    return new FaceChooser(choice, options.getMaxFaces());
  }

  static List<CropSpec> cropSpecs(
      List<dev.facet.proto.type.v1.CropSpec> specs, RequestChecks checks) {
    checks.expect(
        specs.size() <= MAX_CROP_SPECS,
        "crop_specs",
        "must be at most %d, are %d".formatted(MAX_CROP_SPECS, specs.size()));
    return IntStream.range(0, specs.size())
        .mapToObj(i -> cropSpec("crop_specs[%d]".formatted(i), specs.get(i), checks))
        .toList();
  }

  private static CropSpec cropSpec(
      String field, dev.facet.proto.type.v1.CropSpec spec, RequestChecks checks) {
    checks
        .count(field + ".width", spec.getWidth(), 16, 512)
        .count(field + ".height", spec.getHeight(), 16, 512)
        .expect(
            spec.hasTemplate() || spec.hasBox(), field, "must have a template or a box placement");
    if (spec.hasTemplate()) {
      Landmarks template = landmarks(field + ".template", spec.getTemplate(), checks);
      return new CropSpec(spec.getWidth(), spec.getHeight(), new CropSpec.OntoTemplate(template));
    }
    return new CropSpec(
        spec.getWidth(), spec.getHeight(), aroundBox(field + ".box", spec.getBox(), checks));
  }

  private static CropSpec.AroundBox aroundBox(
      String field, BoxPlacement box, RequestChecks checks) {
    checks
        .range(field + ".margin", box.getMargin(), 0, 4)
        .range(field + ".shift_down", box.getShiftDown(), -1, 1)
        .expect(
            box.getSquare() || box.getSquareSide() == SquareSide.SQUARE_SIDE_UNSPECIFIED,
            field + ".square_side",
            "is for a square");
    CropSpec.Shape square =
        switch (box.getSquareSide()) {
          case SQUARE_SIDE_UNSPECIFIED, SQUARE_SIDE_LONGER -> CropSpec.Shape.SQUARE_OF_LONGER_SIDE;
          case SQUARE_SIDE_MEAN -> CropSpec.Shape.SQUARE_OF_MEAN_SIDE;
          case SQUARE_SIDE_SHORTER -> CropSpec.Shape.SQUARE_OF_SHORTER_SIDE;
          case UNRECOGNIZED -> {
            checks.expect(false, field + ".square_side", "is none of the sides there are");
            yield CropSpec.Shape.SQUARE_OF_LONGER_SIDE;
          }
        };
    return new CropSpec.AroundBox(
        box.getMargin(),
        box.getSquare() ? square : CropSpec.Shape.AS_FOUND,
        box.getShiftDown(),
        box.getCutOff());
  }

  static ChipSpec chipSpec(dev.facet.proto.type.v1.ChipSpec spec, RequestChecks checks) {
    ImageFormat format =
        switch (spec.getFormat()) {
          case IMAGE_FORMAT_UNSPECIFIED, IMAGE_FORMAT_PNG -> ImageFormat.PNG;
          case IMAGE_FORMAT_JPEG -> ImageFormat.JPEG;
          case IMAGE_FORMAT_WEBP, UNRECOGNIZED -> {
            checks.expect(false, "chip_spec.format", "must be PNG or JPEG");
            yield ImageFormat.PNG;
          }
        };
    ChipSpec chip =
        new ChipSpec(
            format,
            spec.hasEnlargement() ? spec.getEnlargement() : STANDARD_CHIP.enlargement(),
            spec.hasMaxSide() ? spec.getMaxSide() : STANDARD_CHIP.maxSide(),
            spec.hasJpegQuality() ? spec.getJpegQuality() : STANDARD_CHIP.jpegQuality());
    checks
        .range("chip_spec.enlargement", chip.enlargement(), 1, 4)
        .count("chip_spec.max_side", chip.maxSide(), 64, 2048)
        .count("chip_spec.jpeg_quality", chip.jpegQuality(), 1, 100);
    return chip;
  }

  static Landmarks landmarks(
      String field, dev.facet.proto.type.v1.Landmarks landmarks, RequestChecks checks) {
    Landmarks points =
        new Landmarks(
            point(landmarks.getLeftEye()),
            point(landmarks.getRightEye()),
            point(landmarks.getNose()),
            point(landmarks.getLeftMouthCorner()),
            point(landmarks.getRightMouthCorner()));
    checks.expect(
        landmarks.hasLeftEye()
            && landmarks.hasRightEye()
            && landmarks.hasNose()
            && landmarks.hasLeftMouthCorner()
            && landmarks.hasRightMouthCorner()
            && points.points().stream().allMatch(p -> isPosition(p.x()) && isPosition(p.y())),
        field,
        "must have all five points, each near the picture");
    return points;
  }

  static Box box(String field, dev.facet.proto.type.v1.Box box, RequestChecks checks) {
    Box value = new Box(box.getX(), box.getY(), box.getWidth(), box.getHeight());
    checks.expect(
        isPosition(value.x())
            && isPosition(value.y())
            && isPosition(value.width())
            && isPosition(value.height())
            && value.width() > 0
            && value.height() > 0,
        field,
        "must be near the picture, with a width and a height above 0");
    return value;
  }

  static float angle(String field, float angle, RequestChecks checks) {
    checks.range(field, angle, -180, 180);
    return angle;
  }

  /** Not infinite, not NaN, and small enough for the fixed-point arithmetic of resampling. */
  private static boolean isPosition(float value) {
    return Math.abs(value) < 1 << 20;
  }

  private static Point point(dev.facet.proto.type.v1.Point point) {
    return new Point(point.getX(), point.getY());
  }
}
