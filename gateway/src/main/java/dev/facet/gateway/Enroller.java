package dev.facet.gateway;

import dev.facet.bootstrap.Refusal;
import dev.facet.gateway.archive.Archive;
import dev.facet.gateway.gallery.GalleryBehindException;
import dev.facet.gateway.ledger.EnrollOutcome;
import dev.facet.gateway.ledger.Enrollment;
import dev.facet.gateway.ledger.Face;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.ModelId;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.RequestRecord;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stores faces under a subject.
 *
 * <p>The order is what makes it safe: the picture first, so that no face lacks its own; then the
 * ledger, which is the truth; then the wait for the gallery. Whatever fails, the same request sent
 * again completes it and stores nothing twice, because a face id that the caller did not choose
 * follows from what is stored: tenant, collection, model, subject, probe and choice.
 */
final class Enroller {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Probes probes;
  private final Ledger ledger;
  private final Archive archive;
  private final GalleryWait gallery;

  Enroller(Probes probes, Ledger ledger, Archive archive, GalleryWait gallery) {
    this.probes = probes;
    this.ledger = ledger;
    this.archive = archive;
    this.gallery = gallery;
  }

  /**
   * What is to be enrolled.
   *
   * @param displayName becomes the subject's when given
   * @param probeSha256 digest of the probe and of which of its faces are meant
   * @param faceId chosen by the caller, for one face
   * @param metadata a JSON object
   * @param keepPicture keep the picture of the face, when the probe is a picture
   * @param request what the caller calls this enrolment, to have it only once
   */
  record Order(
      String subjectId,
      Optional<String> displayName,
      Probe probe,
      String probeSha256,
      Optional<String> faceId,
      String externalId,
      String metadata,
      String consentReference,
      boolean keepPicture,
      Optional<RequestKey> request) {}

  /** The caller's id of a request, and the digest that tells it from another. */
  record RequestKey(String id, String sha256) {}

  /** A face in the ledger, and where it was found if that was in a picture. */
  record Enrolled(Face face, Optional<FoundFace> found) {}

  /**
   * What is stored now.
   *
   * @param replayed it was stored before, and this call changed nothing
   */
  record Result(List<Enrolled> faces, boolean replayed) {}

  /** Returns when the faces are durable and searchable. */
  Result enroll(FaceCollection collection, Order order, Call call) {
    Optional<EnrollOutcome> remembered =
        order
            .request()
            .flatMap(
                request ->
                    call.time(
                        Stage.LEDGER,
                        () -> ledger.remembered(collection, request.id(), request.sha256())));
    if (remembered.isPresent()) {
      return result(remembered.get(), Map.of());
    }
    List<ProbeFace> faces = find(collection, order, call);
    Map<String, ProbeFace> named = named(collection, order, faces);
    Enrollment enrollment = enrollment(collection, order, named, call);
    EnrollOutcome outcome = call.time(Stage.LEDGER, () -> ledger.enroll(collection, enrollment));
    if (!(outcome instanceof EnrollOutcome.Stored)) {
      discard(collection, enrollment);
    }
    return result(outcome, found(named));
  }

  /** Pictures written for an enrolment that stored nothing would wait for the sweep. */
  private void discard(FaceCollection collection, Enrollment enrollment) {
    for (NewFace face : enrollment.faces()) {
      face.chip().ifPresent(chip -> archive.delete(collection.number(), chip));
    }
  }

  private List<ProbeFace> find(FaceCollection collection, Order order, Call call) {
    VectorSpace space = VectorSpace.of(collection);
    List<ProbeFace> faces =
        order.keepPicture()
            ? probes.facesToKeep("probe", order.probe(), space, call)
            : probes.faces("probe", order.probe(), space, call);
    if (faces.isEmpty()) {
      throw Refusal.of(
          Status.Code.FAILED_PRECONDITION, "NO_FACE", "there is no face in the picture");
    }
    if (faces.size() > 1 && order.faceId().isPresent()) {
      throw Refusal.of(
          Status.Code.FAILED_PRECONDITION,
          "MULTIPLE_FACES",
          "one face_id is given for the %d faces of the picture".formatted(faces.size()));
    }
    return faces;
  }

  /** The faces by their ids, in order. */
  private static Map<String, ProbeFace> named(
      FaceCollection collection, Order order, List<ProbeFace> faces) {
    Map<String, ProbeFace> named = new LinkedHashMap<>();
    for (int i = 0; i < faces.size(); i++) {
      String content = content(collection.model(), order, i);
      String own =
          Fingerprint.of(collection.key().tenant(), collection.key().collectionId(), content);
      named.put(order.faceId().orElse(own.substring(0, 32)), faces.get(i));
    }
    return named;
  }

  private static String content(ModelId model, Order order, int index) {
    return Fingerprint.of(
        model.name(),
        model.version(),
        model.weightsSha256(),
        model.preprocessingSha256(),
        order.subjectId(),
        order.probeSha256(),
        Integer.toString(index));
  }

  private Enrollment enrollment(
      FaceCollection collection, Order order, Map<String, ProbeFace> faces, Call call) {
    List<NewFace> rows = new ArrayList<>();
    faces.forEach(
        (faceId, face) ->
            rows.add(
                new NewFace(
                    faceId,
                    face.vector(),
                    content(collection.model(), order, rows.size()),
                    order.externalId(),
                    order.metadata(),
                    order.consentReference(),
                    face.chip()
                        .map(
                            chip ->
                                call.time(
                                    Stage.ARCHIVE,
                                    () -> archive.put(collection.number(), faceId, chip))))));
    return new Enrollment(
        collection.model(),
        order.subjectId(),
        order.displayName(),
        rows,
        order
            .request()
            .map(
                request ->
                    new RequestRecord(
                        request.id(), request.sha256(), FaceMessages.bytes(found(faces)))));
  }

  private static Map<String, FoundFace> found(Map<String, ProbeFace> faces) {
    Map<String, FoundFace> found = new LinkedHashMap<>();
    faces.forEach((faceId, face) -> face.found().ifPresent(place -> found.put(faceId, place)));
    return found;
  }

  private Result result(EnrollOutcome outcome, Map<String, FoundFace> found) {
    return switch (outcome) {
      case EnrollOutcome.Stored(var faces, long sequence) -> visible(faces, sequence, found, false);
      case EnrollOutcome.Replayed(var faces, long sequence, byte[] answer) ->
          visible(faces, sequence, answer.length == 0 ? found : FaceMessages.found(answer), true);
      case EnrollOutcome.RequestIdReused() ->
          throw Refusal.of(
              Status.Code.ALREADY_EXISTS,
              "REQUEST_ID_REUSED",
              "the request_id was used for another request within 24 hours");
      case EnrollOutcome.FaceExists(var faceId) ->
          throw Refusal.of(
                  Status.Code.ALREADY_EXISTS, "FACE_EXISTS", "the face_id is taken by another face")
              .with("face_id", faceId);
    };
  }

  private Result visible(
      List<Face> faces, long sequence, Map<String, FoundFace> found, boolean replayed) {
    try {
      gallery.reach(sequence);
    } catch (GalleryBehindException e) {
      throw Refusal.of(
              Status.Code.UNAVAILABLE,
              "GALLERY_BEHIND",
              "the face is stored and not searchable yet; the same request completes it")
          .with("face_id", faces.stream().map(Face::faceId).collect(Collectors.joining(",")))
          .retryAfter(RETRY_AFTER);
    }
    return new Result(
        faces.stream()
            .map(face -> new Enrolled(face, Optional.ofNullable(found.get(face.faceId()))))
            .toList(),
        replayed);
  }
}
