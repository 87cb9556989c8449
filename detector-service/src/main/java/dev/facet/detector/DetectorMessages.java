package dev.facet.detector;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.detector.FaceDetector.SearchOptions;
import dev.facet.detector.FaceFinder.Cut;
import dev.facet.detector.FaceFinder.CutFace;
import dev.facet.detector.FaceFinder.Found;
import dev.facet.detector.image.ImageFormat;
import dev.facet.inference.batch.Priority;
import dev.facet.models.ModelId;
import dev.facet.proto.detector.v1.CropResponse;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.detector.v1.PictureInfo;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceQuality;
import dev.facet.proto.type.v1.Timings;
import java.util.List;
import java.util.stream.IntStream;

/** The detector's values as messages of the contract, and the other way round. */
final class DetectorMessages {
  private static final int MAX_CROP_SPECS = 8;
  private static final ChipSpec STANDARD_CHIP = new ChipSpec(ImageFormat.PNG, 2, 512, 95);

  private DetectorMessages() {}

  static SearchOptions searchOptions(
      DetectionOptions options, FaceDetector detector, RequestChecks checks) {
    SearchOptions defaults = detector.defaults();
    SearchOptions chosen =
        new SearchOptions(
            options.hasMinScore() ? options.getMinScore() : defaults.minScore(),
            options.hasMinSize() ? options.getMinSize() : defaults.minSize(),
            options.hasMaxOverlap() ? options.getMaxOverlap() : defaults.maxOverlap(),
            options.hasMaxSide() ? options.getMaxSide() : defaults.maxSide());
    checks
        .range("options.min_score", chosen.minScore(), 0, 1)
        .range("options.min_size", chosen.minSize(), 0, 1 << 16)
        .range("options.max_overlap", chosen.maxOverlap(), 0, 1)
        .count("options.max_side", chosen.maxSide(), 64, detector.longestSide())
        .expect(
            options.getAnglesCount() == 0,
            "options.angles",
            "is for MTCNN; this detector searches upright faces")
        .expect(!options.hasMtcnn(), "options.mtcnn", "is for MTCNN; this is another detector");
    return chosen;
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
    checks.range(field + ".box.margin", spec.getBox().getMargin(), 0, 4);
    return new CropSpec(
        spec.getWidth(),
        spec.getHeight(),
        new CropSpec.AroundBox(spec.getBox().getMargin(), spec.getBox().getSquare()));
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

  /** Not infinite, not NaN, and small enough for the fixed-point arithmetic of resampling. */
  private static boolean isPosition(float value) {
    return Math.abs(value) < 1 << 20;
  }

  static Priority priority(dev.facet.proto.type.v1.Priority priority) {
    return priority == dev.facet.proto.type.v1.Priority.PRIORITY_BULK
        ? Priority.BULK
        : Priority.INTERACTIVE;
  }

  static DetectResponse response(Found found, ModelId detector, long totalNanos) {
    DetectResponse.Builder response =
        DetectResponse.newBuilder()
            .setDetector(id(detector))
            .setPicture(
                PictureInfo.newBuilder()
                    .setWidth(found.width())
                    .setHeight(found.height())
                    .setFormat(format(found.header().format()))
                    .setAnimated(found.header().animated()))
            .setTimings(
                Timings.newBuilder()
                    .setDecodeMicros(found.decodeNanos() / 1000)
                    .setDetectQueueMicros(found.detect().queueNanos() / 1000)
                    .setDetectMicros(found.detect().runNanos() / 1000)
                    .setDetectBatchSize(found.detect().batchSize())
                    .setCropMicros(found.cutNanos() / 1000)
                    .setTotalMicros(totalNanos / 1000));
    found.faces().forEach(face -> response.addFaces(face(face, detector)));
    return response.build();
  }

  static CropResponse response(Cut cut, long totalNanos) {
    CropResponse.Builder response =
        CropResponse.newBuilder()
            .setTimings(
                Timings.newBuilder()
                    .setDecodeMicros(cut.decodeNanos() / 1000)
                    .setCropMicros(cut.cutNanos() / 1000)
                    .setTotalMicros(totalNanos / 1000));
    cut.crops().forEach(crop -> response.addCrops(crop(crop)));
    return response.build();
  }

  static dev.facet.proto.type.v1.ModelId id(ModelId id) {
    return dev.facet.proto.type.v1.ModelId.newBuilder()
        .setName(id.name())
        .setVersion(id.version())
        .setWeightsSha256(id.weightsSha256())
        .setPreprocessingSha256(id.preprocessingSha256())
        .build();
  }

  private static DetectedFace face(CutFace cut, ModelId detector) {
    Face face = cut.face();
    DetectedFace.Builder message =
        DetectedFace.newBuilder()
            .setBox(box(face.box()))
            .setLandmarks(landmarks(face.landmarks()))
            .setScore(face.score())
            .setAngle(face.angle())
            .setQuality(quality(cut.quality()));
    cut.crops().forEach(crop -> message.addCrops(crop(crop)));
    cut.chip().ifPresent(chip -> message.setChip(chip(chip, detector)));
    return message.build();
  }

  private static FaceQuality quality(Quality quality) {
    return FaceQuality.newBuilder()
        .setOverall(quality.overall())
        .setEyeDistance(quality.eyeDistance())
        .setSharpness(quality.sharpness())
        .setYaw(quality.pose().yaw())
        .setPitch(quality.pose().pitch())
        .setRoll(quality.pose().roll())
        .build();
  }

  private static dev.facet.proto.type.v1.Crop crop(Crop crop) {
    return dev.facet.proto.type.v1.Crop.newBuilder()
        .setWidth(crop.width())
        .setHeight(crop.height())
        .setRgb(bytes(crop.rgb()))
        .build();
  }

  private static dev.facet.proto.type.v1.Chip chip(Chip chip, ModelId detector) {
    return dev.facet.proto.type.v1.Chip.newBuilder()
        .setImage(dev.facet.proto.type.v1.Image.newBuilder().setData(bytes(chip.image())))
        .setFormat(format(chip.format()))
        .setWidth(chip.width())
        .setHeight(chip.height())
        .setBox(box(chip.box()))
        .setLandmarks(landmarks(chip.landmarks()))
        .setDetector(id(detector))
        .build();
  }

  /** Without a copy: these arrays are written once, before they come here. */
  private static ByteString bytes(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static dev.facet.proto.type.v1.ImageFormat format(ImageFormat format) {
    return switch (format) {
      case JPEG -> dev.facet.proto.type.v1.ImageFormat.IMAGE_FORMAT_JPEG;
      case PNG -> dev.facet.proto.type.v1.ImageFormat.IMAGE_FORMAT_PNG;
      case WEBP -> dev.facet.proto.type.v1.ImageFormat.IMAGE_FORMAT_WEBP;
    };
  }

  private static dev.facet.proto.type.v1.Box box(Box box) {
    return dev.facet.proto.type.v1.Box.newBuilder()
        .setX(box.x())
        .setY(box.y())
        .setWidth(box.width())
        .setHeight(box.height())
        .build();
  }

  private static dev.facet.proto.type.v1.Landmarks landmarks(Landmarks landmarks) {
    return dev.facet.proto.type.v1.Landmarks.newBuilder()
        .setLeftEye(point(landmarks.leftEye()))
        .setRightEye(point(landmarks.rightEye()))
        .setNose(point(landmarks.nose()))
        .setLeftMouthCorner(point(landmarks.leftMouthCorner()))
        .setRightMouthCorner(point(landmarks.rightMouthCorner()))
        .build();
  }

  private static dev.facet.proto.type.v1.Point point(Point point) {
    return dev.facet.proto.type.v1.Point.newBuilder().setX(point.x()).setY(point.y()).build();
  }

  private static Point point(dev.facet.proto.type.v1.Point point) {
    return new Point(point.getX(), point.getY());
  }
}
