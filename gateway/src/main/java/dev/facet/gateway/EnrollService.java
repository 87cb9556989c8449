package dev.facet.gateway;

import dev.facet.bootstrap.BidiStream;
import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.Enroller.Enrolled;
import dev.facet.gateway.access.Turns;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Priority;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrollStreamRequest;
import dev.facet.proto.v1.EnrollStreamResponse;
import dev.facet.proto.v1.EnrolledFace;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** The calls that store faces. */
final class EnrollService {
  private static final FaceChoice STANDARD_CHOICE = FaceChoice.FACE_CHOICE_ONLY;

  private final Enroller enroller;
  private final TenantCollections collections;
  private final GatewayMetrics metrics;
  private final ErrorTable errors;
  private final Turns turns;
  private final int streamWidth;

  EnrollService(
      Enroller enroller,
      TenantCollections collections,
      GatewayMetrics metrics,
      ErrorTable errors,
      Turns turns,
      int streamWidth) {
    this.enroller = enroller;
    this.collections = collections;
    this.metrics = metrics;
    this.errors = errors;
    this.turns = turns;
    this.streamWidth = streamWidth;
  }

  EnrollResponse enroll(EnrollRequest request) {
    Call call =
        new Call(
            request.getPriority() == Priority.PRIORITY_BULK
                ? dev.facet.gateway.Priority.BULK
                : dev.facet.gateway.Priority.INTERACTIVE);
    check(request);
    FaceCollection collection = collections.named(request.getCollectionId(), call);
    Enroller.Result result = enroller.enroll(collection, order(request), call);
    metrics.enrolled(result.faces().size(), result.replayed());
    EnrollResponse.Builder response = EnrollResponse.newBuilder().setReplayed(result.replayed());
    for (Enrolled enrolled : result.faces()) {
      EnrolledFace.Builder face = response.addFacesBuilder();
      face.setFace(ResourceMessages.face(collection, enrolled.face()));
      enrolled.found().map(FaceMessages::found).ifPresent(face::setFound);
    }
    return response.setTimings(RecognitionMessages.timings(call)).build();
  }

  /** Answers each request of a stream as {@link #enroll} would. */
  StreamObserver<EnrollStreamRequest> stream(StreamObserver<EnrollStreamResponse> answers) {
    return BidiStream.answerEach(answers, streamWidth, this::answer);
  }

  private EnrollStreamResponse answer(EnrollStreamRequest one) {
    EnrollRequest request = one.getRequest();
    EnrollStreamResponse.Builder answer =
        EnrollStreamResponse.newBuilder().setRequestId(request.getRequestId());
    try {
      new RequestChecks().id("request.request_id", request.getRequestId()).done();
      try (var _ = turns.take(CurrentTenant.id())) {
        answer.setResponse(enroll(request));
      }
    } catch (RuntimeException thrown) {
      answer.setError(errors.status(thrown));
    }
    return answer.build();
  }

  private static void check(EnrollRequest request) {
    RequestChecks checks =
        new RequestChecks()
            .id("collection_id", request.getCollectionId())
            .id("subject_id", request.getSubjectId())
            .text("display_name", request.getDisplayName())
            .text("external_id", request.getExternalId())
            .text("consent_reference", request.getConsentReference())
            .optionalId("face_id", request.getFaceId())
            .optionalId("request_id", request.getRequestId());
    MetadataMessages.check(checks, "metadata", request.getMetadata());
    ProbeMessages.check(checks, "probe", request.getProbe());
    checks.expect(
        !request.getProbe().hasFaceId(), "probe", "must have an image, a crop or a vector");
    ProbeMessages.check(checks, request.getOptions());
    checks.done();
  }

  private static Enroller.Order order(EnrollRequest request) {
    return new Enroller.Order(
        request.getSubjectId(),
        given(request.getDisplayName()),
        ProbeMessages.probe(request.getProbe(), request.getOptions(), STANDARD_CHOICE),
        ProbeMessages.sha256(request.getProbe(), request.getOptions(), STANDARD_CHOICE),
        given(request.getFaceId()),
        request.getExternalId(),
        MetadataMessages.json(request.getMetadata()),
        request.getConsentReference(),
        !request.getDiscardImage(),
        given(request.getRequestId()).map(id -> new Enroller.RequestKey(id, sha256(request))));
  }

  /** Digest of what a request asks for; who asks how urgently is no part of it. */
  private static String sha256(EnrollRequest request) {
    EnrollRequest asked = request.toBuilder().clearRequestId().clearPriority().build();
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(asked);
    return fingerprint.hex();
  }

  private static Optional<String> given(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
