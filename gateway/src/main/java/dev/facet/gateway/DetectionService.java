package dev.facet.gateway;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.gateway.DetectorClient.Picture;
import dev.facet.gateway.ledger.UnitVector;
import dev.facet.proto.type.v1.ChipSpec;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.DetectedFace;
import dev.facet.proto.v1.EmbedRequest;
import dev.facet.proto.v1.EmbedRequest.SourceCase;
import dev.facet.proto.v1.EmbedResponse;
import dev.facet.proto.v1.EmbeddedFace;
import java.util.Optional;

/** The calls about a picture alone: which faces it has, and their vectors. */
final class DetectionService {
  private final DetectorClient detector;
  private final FaceFinder finder;
  private final EmbeddingModels models;

  DetectionService(DetectorClient detector, FaceFinder finder, EmbeddingModels models) {
    this.detector = detector;
    this.finder = finder;
    this.models = models;
  }

  DetectResponse detect(DetectRequest request) {
    Call call = Call.interactive();
    RequestChecks checks = new RequestChecks();
    ProbeMessages.check(checks, request.getOptions());
    checks.done();
    Picture picture =
        ProbeMessages.picture(request.getImage(), request.getOptions(), FaceChoice.FACE_CHOICE_ALL);
    Optional<ChipSpec> chips =
        request.hasChipSpec() ? Optional.of(request.getChipSpec()) : Optional.empty();
    var detected = detector.detect(picture, chips, call);
    DetectResponse.Builder response =
        DetectResponse.newBuilder()
            .setWidth(detected.getPicture().getWidth())
            .setHeight(detected.getPicture().getHeight())
            .setDetector(detected.getDetector());
    for (var face : detected.getFacesList()) {
      DetectedFace.Builder found = response.addFacesBuilder();
      found.setFace(FaceMessages.found(FaceMessages.found(face)));
      if (face.hasChip()) {
        found.setChip(face.getChip());
      }
    }
    return response.setTimings(RecognitionMessages.timings(call)).build();
  }

  EmbedResponse embed(EmbedRequest request) {
    Call call = Call.interactive();
    RequestChecks checks = new RequestChecks();
    ProbeMessages.check(checks, request.getOptions());
    checks.expect(
        request.getSourceCase() != SourceCase.SOURCE_NOT_SET,
        "source",
        "must be an image or a crop");
    if (request.hasCrop()) {
      ProbeMessages.check(checks, "crop", request.getCrop());
    }
    checks.optionalModel("model", request.getModel());
    checks.done();
    return models.with(
        () -> models.named(request.getModel()), model -> embed(request, model, call));
  }

  private EmbedResponse embed(EmbedRequest request, EmbeddingModel model, Call call) {
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder().setModel(ModelMessages.id(model.id()));
    if (request.hasCrop()) {
      UnitVector vector = finder.embed("crop", ProbeMessages.crop(request.getCrop()), model, call);
      response.addFacesBuilder().setVector(FaceMessages.vector(vector));
    } else {
      Picture picture =
          ProbeMessages.picture(
              request.getImage(), request.getOptions(), FaceChoice.FACE_CHOICE_ALL);
      for (ProbeFace face : finder.find(picture, model, false, call)) {
        EmbeddedFace.Builder embedded = response.addFacesBuilder();
        embedded.setVector(FaceMessages.vector(face.vector()));
        face.found().map(FaceMessages::found).ifPresent(embedded::setFace);
      }
    }
    return response.setTimings(RecognitionMessages.timings(call)).build();
  }
}
