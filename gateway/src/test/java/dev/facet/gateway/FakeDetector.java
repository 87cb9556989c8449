package dev.facet.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.detector.v1.GetModelsResponse;
import dev.facet.proto.detector.v1.PictureInfo;
import dev.facet.proto.type.v1.Box;
import dev.facet.proto.type.v1.Chip;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.FaceQuality;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ImageFormat;
import dev.facet.proto.type.v1.Landmarks;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelState;
import dev.facet.proto.type.v1.Point;
import dev.facet.proto.type.v1.Timings;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A detector for pictures that are texts: {@code "anna bob"} shows two people, {@code "nobody"}
 * none, {@code "corrupt"} is refused and {@code "crash"} breaks the detector. A crop holds the name
 * of its face. Faces are found at the last of the angles asked for.
 */
final class FakeDetector extends DetectorServiceGrpc.DetectorServiceImplBase {
  static final ModelId ID =
      ModelId.newBuilder()
          .setName("fake-detector")
          .setVersion("1")
          .setWeightsSha256("d".repeat(64))
          .setPreprocessingSha256("e".repeat(64))
          .build();

  final AtomicInteger detections = new AtomicInteger();

  /** How the faces of the latest picture were to be found. */
  final AtomicReference<DetectionOptions> options =
      new AtomicReference<>(DetectionOptions.getDefaultInstance());

  /** As many detections from now on find the service unavailable. */
  final AtomicInteger unavailable = new AtomicInteger();

  /** What every detection does first. */
  volatile Runnable work = () -> {};

  @Override
  public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
    detections.incrementAndGet();
    work.run();
    options.set(request.getOptions());
    if (!Set.of("", ID.getName()).contains(request.getOptions().getDetector())) {
      observer.onError(refused(Code.NOT_FOUND, "MODEL_NOT_FOUND", ""));
      return;
    }
    if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      observer.onError(Status.UNAVAILABLE.asRuntimeException());
      return;
    }
    String picture = request.getImage().getData().toString(UTF_8).strip();
    if (picture.equals("crash")) {
      observer.onError(Status.INTERNAL.withDescription("/tmp/x.so: boom").asRuntimeException());
      return;
    }
    if (picture.equals("corrupt")) {
      observer.onError(refused(Code.INVALID_ARGUMENT, "IMAGE_CORRUPT", "image.data"));
      return;
    }
    List<String> names = picture.equals("nobody") ? List.of() : List.of(picture.split(" "));
    FaceChoice choice = request.getOptions().getChoice();
    if (choice != FaceChoice.FACE_CHOICE_ALL && choice != FaceChoice.FACE_CHOICE_UNSPECIFIED) {
      if (names.isEmpty()) {
        observer.onError(refused(Code.FAILED_PRECONDITION, "NO_FACE", ""));
        return;
      }
      if (choice == FaceChoice.FACE_CHOICE_ONLY && names.size() > 1) {
        observer.onError(refused(Code.FAILED_PRECONDITION, "MULTIPLE_FACES", ""));
        return;
      }
      names = names.subList(0, 1);
    }
    DetectResponse.Builder response =
        DetectResponse.newBuilder()
            .setPicture(PictureInfo.newBuilder().setWidth(640).setHeight(480))
            .setDetector(ID)
            .setTimings(
                Timings.newBuilder()
                    .setDecodeMicros(100)
                    .setDetectQueueMicros(20)
                    .setDetectMicros(300)
                    .setDetectBatchSize(1)
                    .setCropMicros(40));
    for (int i = 0; i < names.size(); i++) {
      response.addFaces(face(names.get(i), i, request));
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  @Override
  public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
    observer.onNext(
        GetModelsResponse.newBuilder()
            .addModels(
                DetectorModel.newBuilder()
                    .setId(ID)
                    .setLicence("MIT")
                    .setDefault(true)
                    .setCurrent(true)
                    .setState(ModelState.MODEL_STATE_SERVING)
                    .setMinScore(0.6f)
                    .setProvider("cpu"))
            .build());
    observer.onCompleted();
  }

  private static DetectedFace face(String name, int index, DetectRequest request) {
    Box box = Box.newBuilder().setX(100f * index).setY(50).setWidth(80).setHeight(100).build();
    List<Float> angles = request.getOptions().getAnglesList();
    List<Crop> crops = new ArrayList<>();
    for (CropSpec spec : request.getCropSpecsList()) {
      crops.add(crop(name, spec.getWidth(), spec.getHeight()));
    }
    DetectedFace.Builder face =
        DetectedFace.newBuilder()
            .setBox(box)
            .setLandmarks(landmarks())
            .setScore(0.99f - 0.01f * index)
            .setAngle(angles.isEmpty() ? 0 : angles.getLast())
            .setQuality(FaceQuality.newBuilder().setOverall(0.9f).setEyeDistance(33))
            .addAllCrops(crops);
    if (request.hasChipSpec()) {
      face.setChip(
          Chip.newBuilder()
              .setImage(Image.newBuilder().setData(ByteString.copyFromUtf8("chip of " + name)))
              .setFormat(ImageFormat.IMAGE_FORMAT_PNG)
              .setWidth(160)
              .setHeight(200)
              .setBox(box.toBuilder().setX(40).setY(50))
              .setLandmarks(landmarks())
              .setDetector(ID));
    }
    return face.build();
  }

  /** A crop whose pixels spell a name. */
  static Crop crop(String name, int width, int height) {
    byte[] pixels = new byte[width * height * 3];
    byte[] text = name.getBytes(UTF_8);
    System.arraycopy(text, 0, pixels, 0, text.length);
    return Crop.newBuilder()
        .setWidth(width)
        .setHeight(height)
        .setRgb(ByteString.copyFrom(pixels))
        .build();
  }

  private static Landmarks landmarks() {
    Point point = Point.newBuilder().setX(10).setY(20).build();
    return Landmarks.newBuilder()
        .setLeftEye(point)
        .setRightEye(point.toBuilder().setX(43))
        .setNose(point.toBuilder().setY(35))
        .setLeftMouthCorner(point.toBuilder().setY(50))
        .setRightMouthCorner(point.toBuilder().setX(43).setY(50))
        .build();
  }

  static Exception refused(Code code, String reason, String field) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage("The fake says " + reason)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("facet.dev").build()));
    if (!field.isEmpty()) {
      status.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder()
                          .setField(field)
                          .setDescription("is not good")
                          .setReason(reason))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
