package dev.facet.gateway;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.archive.Chip;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.detector.v1.GetModelsResponse;
import dev.facet.proto.type.v1.ChipSpec;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Timings;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks the detector. Blocks; the caller's deadline and cancellation go along by themselves.
 *
 * <p>Errors: what the detector says about a picture, else {@code DETECTOR_DOWN}.
 */
final class DetectorClient {
  private static final Duration MODELS_DEADLINE = Duration.ofSeconds(5);

  private final DetectorServiceBlockingStub stub;
  private final Duration leastTime;

  /**
   * A picture and which of its faces are meant, as the caller said it: carried from the edge to the
   * detector, opened by nobody between.
   */
  record Picture(Image image, DetectionOptions options) {}

  /** A face with its crop for the model asked for, and its picture where that was asked for. */
  record CroppedFace(FoundFace found, Crop crop, Optional<Chip> chip) {}

  /**
   * A client of the detector.
   *
   * @param leastTime calls with less time left are refused before the picture is sent
   */
  DetectorClient(Channel channel, Duration leastTime) {
    this.leastTime = leastTime;
    stub = DetectorServiceGrpc.newBlockingStub(channel);
  }

  /** The detectors that the service has loaded. */
  GetModelsResponse models() {
    return stub.withDeadlineAfter(MODELS_DEADLINE).getModels(GetModelsRequest.getDefaultInstance());
  }

  /** The faces of a picture, cut for an embedding model. */
  List<CroppedFace> crops(Picture picture, CropSpec spec, boolean chips, Call call) {
    DetectRequest.Builder request =
        request(picture, call).addCropSpecs(ModelMessages.cropSpec(spec));
    if (chips) {
      request.setChipSpec(ChipSpec.getDefaultInstance());
    }
    return detect(request.build(), call).getFacesList().stream()
        .map(FaceMessages::croppedFace)
        .toList();
  }

  /** The faces of a picture, and a picture of each where a spec for it is given. */
  DetectResponse detect(Picture picture, Optional<ChipSpec> chips, Call call) {
    DetectRequest.Builder request = request(picture, call);
    chips.ifPresent(request::setChipSpec);
    return detect(request.build(), call);
  }

  private DetectResponse detect(DetectRequest request, Call call) {
    requireTime();
    DetectResponse response = stub.detect(request);
    addTimes(response.getTimings(), call);
    return response;
  }

  private void requireTime() {
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null && deadline.isBefore(Deadline.after(leastTime.toNanos(), NANOSECONDS))) {
      throw Refusal.of(
          Status.Code.DEADLINE_EXCEEDED,
          "DEADLINE_PASSED",
          "the deadline is nearer than the %s ms that a picture takes at least"
              .formatted(leastTime.toMillis()));
    }
  }

  private static DetectRequest.Builder request(Picture picture, Call call) {
    return DetectRequest.newBuilder()
        .setImage(picture.image())
        .setOptions(picture.options())
        .setPriority(ModelMessages.priority(call.priority()));
  }

  private static void addTimes(Timings timings, Call call) {
    call.add(Stage.DECODE, timings.getDecodeMicros());
    call.add(Stage.DETECT_QUEUE, timings.getDetectQueueMicros());
    call.add(Stage.DETECT, timings.getDetectMicros());
    call.atLeast(Stage.DETECT_BATCH_SIZE, timings.getDetectBatchSize());
    call.add(Stage.CROP, timings.getCropMicros());
  }
}
