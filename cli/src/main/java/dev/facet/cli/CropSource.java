package dev.facet.cli;

import dev.facet.models.Alignment;
import dev.facet.models.CropGeometry;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.type.v1.BoxPlacement;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.type.v1.SquareSide;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A running detector, asked for the most central face of photos as a model wants it cut. */
final class CropSource implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int MOST_ANSWER_BYTES = 64 << 20;

  private final String address;
  private final CropSpec spec;
  private final ManagedChannel channel;

  /**
   * @throws CommandFailure if that is no address
   */
  CropSource(String address, ModelServiceChannel options, CropGeometry geometry) {
    this.address = address;
    this.spec = spec(geometry);
    this.channel = options.to(address).maxInboundMessageSize(MOST_ANSWER_BYTES).build();
  }

  /**
   * The face's pixels, width × height × 3 bytes, RGB; empty where none is found, or the photo is
   * refused.
   *
   * @throws GatewayFailure if the detector cannot be asked
   */
  Optional<byte[]> crop(Path photo) {
    DetectRequest request =
        DetectRequest.newBuilder()
            .setImage(Photos.image(photo))
            .setOptions(
                DetectionOptions.newBuilder().setChoice(FaceChoice.FACE_CHOICE_MOST_CENTRAL))
            .addCropSpecs(spec)
            .build();
    try {
      return faces(request).getFacesList().stream()
          .map(face -> face.getCrops(0).getRgb().toByteArray())
          .findFirst();
    } catch (GatewayFailure failure) {
      if (failure.aboutPhoto()) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  private DetectResponse faces(DetectRequest request) {
    try {
      return DetectorServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
          .detect(request);
    } catch (StatusRuntimeException e) {
      throw GatewayFailure.ofServer(e, "the detector at " + address);
    }
  }

  private static CropSpec spec(CropGeometry geometry) {
    CropSpec.Builder spec =
        CropSpec.newBuilder().setWidth(geometry.width()).setHeight(geometry.height());
    return switch (geometry.alignment()) {
      case Alignment.Template template -> spec.setTemplate(landmarks(template)).build();
      case Alignment.BoxMargin margin -> spec.setBox(placement(margin)).build();
    };
  }

  private static BoxPlacement.Builder placement(Alignment.BoxMargin margin) {
    return BoxPlacement.newBuilder()
        .setMargin((float) margin.total())
        .setSquare(margin.shape() != Alignment.Shape.AS_FOUND)
        .setSquareSide(
            switch (margin.shape()) {
              case AS_FOUND -> SquareSide.SQUARE_SIDE_UNSPECIFIED;
              case SQUARE_OF_LONGER_SIDE -> SquareSide.SQUARE_SIDE_LONGER;
              case SQUARE_OF_MEAN_SIDE -> SquareSide.SQUARE_SIDE_MEAN;
              case SQUARE_OF_SHORTER_SIDE -> SquareSide.SQUARE_SIDE_SHORTER;
            })
        .setShiftDown((float) margin.shiftDown())
        .setCutOff(margin.outside() == Alignment.Outside.CUT_OFF);
  }

  private static Landmarks landmarks(Alignment.Template template) {
    return Landmarks.newBuilder()
        .setLeftEye(point(template.leftEye()))
        .setRightEye(point(template.rightEye()))
        .setNose(point(template.nose()))
        .setLeftMouthCorner(point(template.leftMouthCorner()))
        .setRightMouthCorner(point(template.rightMouthCorner()))
        .build();
  }

  private static Point point(Alignment.Point point) {
    return Point.newBuilder().setX((float) point.x()).setY((float) point.y()).build();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
