package dev.facet.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.facet.gateway.DetectorClient.CroppedFace;
import dev.facet.gateway.archive.Chip;
import dev.facet.gateway.ledger.UnitVector;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.type.v1.FaceQuality;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ImageFormat;
import dev.facet.proto.type.v1.Vector;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrolledFace;
import dev.facet.proto.v1.Face;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Found faces, their geometry, pictures and vectors, to and from the contract's messages. */
final class FaceMessages {
  private FaceMessages() {}

  static CroppedFace croppedFace(DetectedFace face) {
    var crop = face.getCrops(0);
    return new CroppedFace(
        found(face),
        new Crop(crop.getWidth(), crop.getHeight(), crop.getRgb().toByteArray()),
        face.hasChip() ? Optional.of(chip(face.getChip())) : Optional.empty());
  }

  static FoundFace found(DetectedFace face) {
    return new FoundFace(
        box(face.getBox()),
        landmarks(face.getLandmarks()),
        face.getScore(),
        face.getAngle(),
        quality(face.getQuality()));
  }

  private static FoundFace found(dev.facet.proto.v1.FoundFace face) {
    return new FoundFace(
        box(face.getBox()),
        landmarks(face.getLandmarks()),
        face.getScore(),
        face.getAngle(),
        quality(face.getQuality()));
  }

  static dev.facet.proto.v1.FoundFace found(FoundFace face) {
    return dev.facet.proto.v1.FoundFace.newBuilder()
        .setBox(box(face.box()))
        .setLandmarks(landmarks(face.landmarks()))
        .setScore(face.score())
        .setAngle(face.angle())
        .setQuality(quality(face.quality()))
        .build();
  }

  /** Where faces were found, by face id, for an answer to be given again. */
  static byte[] bytes(Map<String, FoundFace> found) {
    EnrollResponse.Builder places = EnrollResponse.newBuilder();
    found.forEach(
        (faceId, face) ->
            places.addFaces(
                EnrolledFace.newBuilder()
                    .setFace(Face.newBuilder().setFaceId(faceId))
                    .setFound(found(face))));
    return places.build().toByteArray();
  }

  /** The inverse of {@link #bytes}. */
  static Map<String, FoundFace> found(byte[] bytes) {
    try {
      Map<String, FoundFace> found = new LinkedHashMap<>();
      for (EnrolledFace place : EnrollResponse.parseFrom(bytes).getFacesList()) {
        found.put(place.getFace().getFaceId(), found(place.getFound()));
      }
      return found;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The ledger gave back another answer than was put", e);
    }
  }

  private static FoundFace.Quality quality(FaceQuality quality) {
    return new FoundFace.Quality(
        quality.getOverall(),
        quality.getEyeDistance(),
        quality.getSharpness(),
        quality.getYaw(),
        quality.getPitch(),
        quality.getRoll());
  }

  private static FaceQuality quality(FoundFace.Quality quality) {
    return FaceQuality.newBuilder()
        .setOverall(quality.overall())
        .setEyeDistance(quality.eyeDistance())
        .setSharpness(quality.sharpness())
        .setYaw(quality.yaw())
        .setPitch(quality.pitch())
        .setRoll(quality.roll())
        .build();
  }

  static Chip chip(dev.facet.proto.type.v1.Chip chip) {
    return new Chip(
        chip.getImage().getData().toByteArray(),
        switch (chip.getFormat()) {
          case IMAGE_FORMAT_JPEG -> Chip.Format.JPEG;
          case IMAGE_FORMAT_PNG -> Chip.Format.PNG;
          case IMAGE_FORMAT_WEBP -> Chip.Format.WEBP;
          case IMAGE_FORMAT_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalStateException("The detector does not say how a chip is encoded");
        },
        chip.getWidth(),
        chip.getHeight(),
        box(chip.getBox()),
        landmarks(chip.getLandmarks()),
        ModelMessages.id(chip.getDetector()),
        chip.getAngle());
  }

  static dev.facet.proto.type.v1.Chip chip(Chip chip) {
    return dev.facet.proto.type.v1.Chip.newBuilder()
        .setImage(Image.newBuilder().setData(ByteString.copyFrom(chip.image())))
        .setFormat(
            switch (chip.format()) {
              case JPEG -> ImageFormat.IMAGE_FORMAT_JPEG;
              case PNG -> ImageFormat.IMAGE_FORMAT_PNG;
              case WEBP -> ImageFormat.IMAGE_FORMAT_WEBP;
            })
        .setWidth(chip.width())
        .setHeight(chip.height())
        .setBox(box(chip.box()))
        .setLandmarks(landmarks(chip.landmarks()))
        .setDetector(ModelMessages.id(chip.detector()))
        .setAngle(chip.angle())
        .build();
  }

  private static Chip.Box box(dev.facet.proto.type.v1.Box box) {
    return new Chip.Box(box.getX(), box.getY(), box.getWidth(), box.getHeight());
  }

  private static dev.facet.proto.type.v1.Box box(Chip.Box box) {
    return dev.facet.proto.type.v1.Box.newBuilder()
        .setX(box.x())
        .setY(box.y())
        .setWidth(box.width())
        .setHeight(box.height())
        .build();
  }

  static Chip.Landmarks landmarks(dev.facet.proto.type.v1.Landmarks points) {
    return new Chip.Landmarks(
        point(points.getLeftEye()),
        point(points.getRightEye()),
        point(points.getNose()),
        point(points.getLeftMouthCorner()),
        point(points.getRightMouthCorner()));
  }

  static dev.facet.proto.type.v1.Landmarks landmarks(Chip.Landmarks points) {
    return dev.facet.proto.type.v1.Landmarks.newBuilder()
        .setLeftEye(point(points.leftEye()))
        .setRightEye(point(points.rightEye()))
        .setNose(point(points.nose()))
        .setLeftMouthCorner(point(points.leftMouthCorner()))
        .setRightMouthCorner(point(points.rightMouthCorner()))
        .build();
  }

  private static Chip.Point point(dev.facet.proto.type.v1.Point point) {
    return new Chip.Point(point.getX(), point.getY());
  }

  private static dev.facet.proto.type.v1.Point point(Chip.Point point) {
    return dev.facet.proto.type.v1.Point.newBuilder().setX(point.x()).setY(point.y()).build();
  }

  static float[] values(Vector vector) {
    float[] values = new float[vector.getValuesCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.getValues(i);
    }
    return values;
  }

  static Vector vector(UnitVector vector) {
    Vector.Builder message = Vector.newBuilder();
    for (int i = 0; i < vector.dimension(); i++) {
      message.addValues(vector.value(i));
    }
    return message.build();
  }
}
