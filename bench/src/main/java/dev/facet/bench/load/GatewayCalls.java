package dev.facet.bench.load;

import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Priority;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollStreamRequest;
import dev.facet.proto.v1.EnrollStreamResponse;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.Probe;
import dev.facet.proto.v1.SearchRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Calls to the gateway about photos. */
final class GatewayCalls {

  private final Connections gateway;
  private final PhotoMix photos;
  private final DetectionOptions finding;
  private final Duration timeout;

  /**
   * Calls that are still to be chosen.
   *
   * @param detector looks for the faces; the gateway's default when empty
   * @param timeout deadline of a call
   */
  GatewayCalls(Connections gateway, PhotoMix photos, String detector, Duration timeout) {
    this.gateway = gateway;
    this.photos = photos;
    this.finding = DetectionOptions.newBuilder().setDetector(detector).build();
    this.timeout = timeout;
  }

  Operation detect() {
    return new UnaryOperation<>(
        gateway,
        FaceServiceGrpc.getDetectMethod(),
        each(photo -> DetectRequest.newBuilder().setImage(photo).setOptions(finding).build()),
        answer -> Outcome.answered(answer.getFacesCount()),
        timeout);
  }

  /** Vectors of one model; the gateway's default when empty. */
  Operation embed(String model) {
    return new UnaryOperation<>(
        gateway,
        FaceServiceGrpc.getEmbedMethod(),
        each(
            photo ->
                EmbedRequest.newBuilder()
                    .setImage(photo)
                    .setOptions(finding)
                    .setModel(model)
                    .build()),
        answer -> Outcome.answered(answer.getFacesCount()),
        timeout);
  }

  /** The nearest faces of a collection that is there. */
  Operation search(String collection, int hits) {
    return new UnaryOperation<>(
        gateway,
        FaceServiceGrpc.getSearchMethod(),
        each(
            photo ->
                SearchRequest.newBuilder()
                    .setCollectionId(collection)
                    .setProbe(Probe.newBuilder().setImage(photo))
                    .setOptions(finding)
                    .setTopK(hits)
                    .build()),
        answer -> Outcome.answered(answer.getResultsCount()),
        timeout);
  }

  Operation identify(String collection) {
    return new UnaryOperation<>(
        gateway,
        FaceServiceGrpc.getIdentifyMethod(),
        each(
            photo ->
                IdentifyRequest.newBuilder()
                    .setCollectionId(collection)
                    .setProbe(Probe.newBuilder().setImage(photo))
                    .setOptions(finding)
                    .build()),
        answer -> Outcome.answered(answer.getFacesCount()),
        timeout);
  }

  /** Stores a new face with every call: the largest of the photo, under a subject of its own. */
  Operation enroll(String collection, Priority priority) {
    LongFunction<EnrollRequest.Builder> request = enrolments(collection, priority);
    return new UnaryOperation<>(
        gateway,
        FaceServiceGrpc.getEnrollMethod(),
        number -> request.apply(number).build(),
        answer -> Outcome.answered(answer.getFacesCount()),
        timeout);
  }

  /** As {@link #enroll}, over one stream for each connection. */
  Operation enrollStream(String collection, Priority priority) {
    LongFunction<EnrollRequest.Builder> request = enrolments(collection, priority);
    return new StreamOperation<>(
        gateway,
        FaceServiceGrpc.getEnrollStreamMethod(),
        (number, id) ->
            EnrollStreamRequest.newBuilder()
                .setRequest(request.apply(number).setRequestId(id))
                .build(),
        EnrollStreamResponse::getRequestId,
        answer ->
            answer.hasError()
                ? Outcome.failed(Failure.of(answer.getError()))
                : Outcome.answered(answer.getResponse().getFacesCount()),
        timeout);
  }

  private LongFunction<EnrollRequest.Builder> enrolments(String collection, Priority priority) {
    String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    // Numbers of calls begin again with every run; the same photo under the same subject would be
    // the same face.
    AtomicLong subjects = new AtomicLong();
    return number ->
        EnrollRequest.newBuilder()
            .setCollectionId(collection)
            .setSubjectId("load-" + run + "-" + subjects.getAndIncrement())
            .setProbe(Probe.newBuilder().setImage(photos.photos().get(photos.index(number))))
            .setOptions(finding.toBuilder().setChoice(FaceChoice.FACE_CHOICE_LARGEST))
            .setPriority(priority);
  }

  /** Requests that differ by their photo alone are made once. */
  private <Q> LongFunction<Q> each(Function<Image, Q> request) {
    List<Q> requests = photos.photos().stream().map(request).toList();
    return number -> requests.get(photos.index(number));
  }
}
