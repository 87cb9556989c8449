package dev.facet.bench.load;

import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectStreamRequest;
import dev.facet.proto.detector.v1.DetectStreamResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Priority;
import java.time.Duration;
import java.util.List;

/** Calls straight to a detector, without the gateway. */
final class DetectorCalls {

  private final Connections detector;
  private final PhotoMix photos;
  private final List<DetectRequest> requests;
  private final Duration timeout;

  /**
   * Calls that are still to be chosen.
   *
   * @param model looks for the faces; the service's default when empty
   * @param timeout deadline of a call
   */
  DetectorCalls(
      Connections detector, PhotoMix photos, String model, Priority priority, Duration timeout) {
    this.detector = detector;
    this.photos = photos;
    this.requests =
        photos.photos().stream()
            .map(
                photo ->
                    DetectRequest.newBuilder()
                        .setImage(photo)
                        .setOptions(DetectionOptions.newBuilder().setDetector(model))
                        .setPriority(priority)
                        .build())
            .toList();
    this.timeout = timeout;
  }

  Operation detect() {
    return new UnaryOperation<>(
        detector,
        DetectorServiceGrpc.getDetectMethod(),
        number -> requests.get(photos.index(number)),
        answer -> Outcome.answered(answer.getFacesCount()),
        timeout);
  }

  Operation detectStream() {
    return new StreamOperation<>(
        detector,
        DetectorServiceGrpc.getDetectStreamMethod(),
        (number, id) ->
            DetectStreamRequest.newBuilder()
                .setId(id)
                .setRequest(requests.get(photos.index(number)))
                .build(),
        DetectStreamResponse::getId,
        answer ->
            answer.hasError()
                ? Outcome.failed(Failure.of(answer.getError()))
                : Outcome.answered(answer.getResponse().getFacesCount()),
        timeout);
  }
}
