package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.gallery.FaceMatches;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.v1.Consistency;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import dev.facet.proto.v1.VerifyRequest;
import dev.facet.proto.v1.VerifyRequest.ReferenceCase;
import dev.facet.proto.v1.VerifyResponse;
import io.grpc.Status;
import java.util.List;

/** The calls that ask who a face is, and change nothing. */
final class RecognitionService {
  private static final int MATCHES = 10;
  private static final int MOST_MATCHES = 1_000;
  private static final int CANDIDATES = 5;
  private static final int MOST_CANDIDATES = 100;

  private final Probes probes;
  private final Recognition recognition;
  private final EmbeddingModels models;
  private final TenantCollections collections;
  private final GatewayMetrics metrics;

  RecognitionService(
      Probes probes,
      Recognition recognition,
      EmbeddingModels models,
      TenantCollections collections,
      GatewayMetrics metrics) {
    this.probes = probes;
    this.recognition = recognition;
    this.models = models;
    this.collections = collections;
    this.metrics = metrics;
  }

  SearchResponse search(SearchRequest request) {
    Call call = Call.interactive();
    RequestChecks checks = new RequestChecks().id("collection_id", request.getCollectionId());
    ProbeMessages.check(checks, "probe", request.getProbe());
    ProbeMessages.check(checks, request.getOptions());
    int limit = request.hasTopK() ? request.getTopK() : MATCHES;
    checks.count("top_k", limit, 1, MOST_MATCHES);
    checks.squaredDistance("max_squared_distance", request.getMaxSquaredDistance());
    RecognitionMessages.check(checks, request.getFilter());
    checks.done();

    FaceCollection collection = collections.named(request.getCollectionId(), call);
    VectorSpace space = VectorSpace.of(collection);
    Recognition.Wanted wanted =
        new Recognition.Wanted(
            limit,
            request.hasMaxSquaredDistance()
                ? request.getMaxSquaredDistance()
                : Float.POSITIVE_INFINITY,
            request.getDistinctSubjects(),
            RecognitionMessages.filter(request.getFilter()));
    List<ProbeFace> faces =
        probes.faces(
            "probe",
            ProbeMessages.probe(
                request.getProbe(), request.getOptions(), FaceChoice.FACE_CHOICE_ALL),
            space,
            call);
    refresh(request.getConsistency(), call);
    SearchResponse.Builder response = SearchResponse.newBuilder();
    for (ProbeFace face : faces) {
      FaceMatches found = recognition.nearest(collection, face, wanted, call);
      response.addResults(RecognitionMessages.matches(face, found, space));
    }
    metrics.searched("search", faces.size());
    return response.setTimings(RecognitionMessages.timings(call)).build();
  }

  IdentifyResponse identify(IdentifyRequest request) {
    Call call = Call.interactive();
    RequestChecks checks = new RequestChecks().id("collection_id", request.getCollectionId());
    ProbeMessages.check(checks, "probe", request.getProbe());
    ProbeMessages.check(checks, request.getOptions());
    checks.squaredDistance("threshold", request.getThreshold());
    checks.squaredDistance("ambiguity_margin", request.getAmbiguityMargin());
    int listed = request.hasMaxCandidates() ? request.getMaxCandidates() : CANDIDATES;
    checks.count("max_candidates", listed, 1, MOST_CANDIDATES);
    RecognitionMessages.check(checks, request.getFilter());
    checks.done();

    FaceCollection collection = collections.named(request.getCollectionId(), call);
    VectorSpace space = VectorSpace.of(collection);
    Recognition.Rule rule =
        new Recognition.Rule(
            request.hasThreshold() ? request.getThreshold() : space.threshold(),
            request.getAmbiguityMargin(),
            listed,
            RecognitionMessages.filter(request.getFilter()));
    List<ProbeFace> faces =
        probes.faces(
            "probe",
            ProbeMessages.probe(
                request.getProbe(), request.getOptions(), FaceChoice.FACE_CHOICE_ALL),
            space,
            call);
    refresh(request.getConsistency(), call);
    IdentifyResponse.Builder response = IdentifyResponse.newBuilder();
    for (ProbeFace face : faces) {
      Recognition.Identity identity = recognition.identify(collection, face, rule, call);
      response.addFaces(RecognitionMessages.identified(face, identity, rule, space));
      metrics.decided(identity.decision());
    }
    metrics.searched("identify", faces.size());
    return response.setTimings(RecognitionMessages.timings(call)).build();
  }

  VerifyResponse verify(VerifyRequest request) {
    Call call = Call.interactive();
    check(request);
    return request.getCollectionId().isEmpty()
        ? models.with(
            () -> models.named(request.getModel()),
            model -> verify(request, VectorSpace.of(model), call))
        : verify(request, VectorSpace.of(collections.named(request.getCollectionId(), call)), call);
  }

  private VerifyResponse verify(VerifyRequest request, VectorSpace space, Call call) {
    float threshold = request.hasThreshold() ? request.getThreshold() : space.threshold();
    refresh(request.getConsistency(), call);

    DetectionOptions options = request.getOptions();
    ProbeFace face = one("probe", request.getProbe(), options, space, call);
    VerifyResponse.Builder response = VerifyResponse.newBuilder();
    face.found().map(FaceMessages::found).ifPresent(response::setProbeFace);
    Recognition.Verdict verdict;
    if (request.getReferenceCase() == ReferenceCase.OTHER) {
      ProbeFace other = one("other", request.getOther(), options, space, call);
      other.found().map(FaceMessages::found).ifPresent(response::setOtherFace);
      verdict = recognition.compare(face, other, threshold);
    } else {
      verdict =
          recognition.compare(
              space.collection().orElseThrow(), face, request.getSubjectId(), threshold, call);
    }
    verdict
        .squaredDistance()
        .ifPresent(
            distance ->
                response.setComparison(
                    RecognitionMessages.comparison(distance, threshold, space.model())));
    verdict.nearestFaceId().ifPresent(response::setNearestFaceId);
    metrics.searched("verify", 1);
    metrics.decided(verdict.decision());
    return response
        .setDecision(RecognitionMessages.decision(verdict.decision()))
        .setTimings(RecognitionMessages.timings(call))
        .build();
  }

  private static void check(VerifyRequest request) {
    RequestChecks checks = new RequestChecks();
    boolean enrolled =
        request.getProbe().hasFaceId()
            || request.getOther().hasFaceId()
            || request.getReferenceCase() == ReferenceCase.SUBJECT_ID;
    if (enrolled || !request.getCollectionId().isEmpty()) {
      checks.id("collection_id", request.getCollectionId());
    }
    ProbeMessages.check(checks, "probe", request.getProbe());
    switch (request.getReferenceCase()) {
      case OTHER -> ProbeMessages.check(checks, "other", request.getOther());
      case SUBJECT_ID -> checks.id("subject_id", request.getSubjectId());
      case REFERENCE_NOT_SET ->
          checks.expect(false, "reference", "must be another probe or a subject_id");
    }
    ProbeMessages.check(checks, request.getOptions());
    checks.expect(
        request.getOptions().getChoice() != FaceChoice.FACE_CHOICE_ALL,
        "options.choice",
        "must choose one face");
    checks.squaredDistance("threshold", request.getThreshold());
    checks.expect(
        request.getModel().isEmpty() || request.getCollectionId().isEmpty(),
        "model",
        "must be empty beside a collection_id, whose model applies");
    checks.done();
  }

  private ProbeFace one(
      String field,
      dev.facet.proto.v1.Probe probe,
      DetectionOptions options,
      VectorSpace space,
      Call call) {
    Probe chosen = ProbeMessages.probe(probe, options, FaceChoice.FACE_CHOICE_LARGEST);
    return probes.faces(field, chosen, space, call).stream()
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.FAILED_PRECONDITION,
                    "NO_FACE",
                    "there is no face in the picture of " + field));
  }

  private void refresh(Consistency consistency, Call call) {
    if (consistency == Consistency.CONSISTENCY_FRESH) {
      recognition.refresh(call);
    }
  }
}
