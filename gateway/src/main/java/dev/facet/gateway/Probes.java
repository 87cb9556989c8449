package dev.facet.gateway;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.DetectorClient.Picture;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.UnitVector;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;

/**
 * Brings every form of a probe to the one that is compared.
 *
 * <p>A vector or an enrolled face asks neither detector nor embedder, so both may be down.
 */
final class Probes {
  private static final ErrorTable ERRORS = ErrorTable.standard();

  private final FaceFinder finder;
  private final EmbeddingModels models;
  private final Ledger ledger;

  Probes(FaceFinder finder, EmbeddingModels models, Ledger ledger) {
    this.finder = finder;
    this.models = models;
    this.ledger = ledger;
  }

  /**
   * The faces of a probe; none only for a picture without faces whose choice allows that.
   *
   * @param field names the probe in refusals
   */
  List<ProbeFace> faces(String field, Probe probe, VectorSpace space, Call call) {
    return faces(field, probe, space, false, call);
  }

  /** The same, with the pictures to keep. */
  List<ProbeFace> facesToKeep(String field, Probe probe, VectorSpace space, Call call) {
    return faces(field, probe, space, true, call);
  }

  private List<ProbeFace> faces(
      String field, Probe probe, VectorSpace space, boolean chips, Call call) {
    return switch (probe) {
      case Probe.OfPicture(var picture) -> found(field, picture, space, chips, call);
      case Probe.OfCrop(var crop) ->
          List.of(
              ProbeFace.of(
                  models.with(
                      () -> models.exactly(space.model()),
                      model -> finder.embed(field + ".crop", crop, model, call))));
      case Probe.OfVector given -> List.of(ProbeFace.of(checked(field, given, space)));
      case Probe.OfFace(var faceId) ->
          List.of(ProbeFace.of(call.time(Stage.LEDGER, () -> enrolled(faceId, space))));
    };
  }

  private List<ProbeFace> found(
      String field, Picture picture, VectorSpace space, boolean chips, Call call) {
    try {
      return models.with(
          () -> models.exactly(space.model()), model -> finder.find(picture, model, chips, call));
    } catch (StatusRuntimeException answer) {
      throw within(field, ERRORS.refusal(answer));
    }
  }

  /** The detector speaks of {@code image.data}; the caller has to hear of which image. */
  private static Refusal within(String field, Refusal refusal) {
    Refusal moved = Refusal.of(refusal.code(), refusal.reason(), refusal.message());
    for (Refusal.Violation violation : refusal.violations()) {
      boolean image = violation.field().startsWith("image");
      moved =
          moved.violating(
              image ? field + "." + violation.field() : violation.field(), violation.description());
    }
    for (Map.Entry<String, String> fact : refusal.facts().entrySet()) {
      moved = moved.with(fact.getKey(), fact.getValue());
    }
    return refusal.retryAfter().map(moved::retryAfter).orElse(moved);
  }

  private static UnitVector checked(String field, Probe.OfVector given, VectorSpace space) {
    if (!given.model().equals(space.model())) {
      throw Refusal.of(
          Status.Code.FAILED_PRECONDITION,
          "MODEL_MISMATCH",
          "the vector is of %s and cannot be compared with those of %s"
              .formatted(given.model().name(), space.model().name()));
    }
    int dimension = given.vector().dimension();
    if (dimension != space.dimension()) {
      throw Refusal.invalid(
          field + ".vector.vector.values",
          "VECTOR_DIMENSION",
          "the vector has %d values, those of %s have %d"
              .formatted(dimension, space.model().name(), space.dimension()));
    }
    return given.vector();
  }

  private UnitVector enrolled(String faceId, VectorSpace space) {
    FaceCollection collection =
        space
            .collection()
            .orElseThrow(
                () ->
                    Refusal.invalid(
                        "collection_id",
                        "INVALID_FIELD",
                        "collection_id must name the collection of the face_id"));
    return ledger.vector(collection, faceId).orElseThrow(NotFound::face);
  }
}
