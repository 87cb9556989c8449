package dev.facet.detector;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.facet.detector.FaceFinder.Cut;
import dev.facet.detector.FaceFinder.CutFace;
import dev.facet.detector.FaceFinder.Found;
import dev.facet.detector.image.ImageFormat;
import dev.facet.models.ModelId;
import dev.facet.proto.detector.v1.CropResponse;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.detector.v1.PictureInfo;
import dev.facet.proto.type.v1.FaceQuality;
import dev.facet.proto.type.v1.Timings;
import dev.facet.serving.ServingMessages;

/** The detector's answers as messages of the contract. */
final class DetectorMessages {
  private DetectorMessages() {}

  static DetectResponse response(Found found, ModelId detector, long totalNanos) {
    DetectResponse.Builder response =
        DetectResponse.newBuilder()
            .setDetector(ServingMessages.id(detector))
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
        .setDetector(ServingMessages.id(detector))
        .setAngle(chip.angle())
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
}
