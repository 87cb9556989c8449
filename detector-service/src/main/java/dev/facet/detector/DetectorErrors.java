package dev.facet.detector;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.detector.image.DecodeTimeoutException;
import dev.facet.detector.image.InvalidImageException;
import dev.facet.serving.ServingErrors;
import io.grpc.Status;
import java.util.Objects;

/** What callers of the detector are told when a picture gets no answer. */
final class DetectorErrors {
  static final ErrorTable TABLE =
      ServingErrors.table("image")
          .with(
              InvalidImageException.class,
              e ->
                  Refusal.invalid("image.data", e.fault().name(), Objects.toString(e.getMessage())))
          .with(
              DegenerateLandmarksException.class,
              e -> Refusal.invalid("landmarks", "INVALID_FIELD", Objects.toString(e.getMessage())))
          .with(
              AnswerTooLargeException.class,
              e ->
                  Refusal.invalid(
                      "options.max_faces", "INVALID_FIELD", Objects.toString(e.getMessage())))
          .with(NoFaceException.class, Status.Code.FAILED_PRECONDITION, "NO_FACE")
          .with(MultipleFacesException.class, Status.Code.FAILED_PRECONDITION, "MULTIPLE_FACES")
          .with(DecodeTimeoutException.class, Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED");

  private DetectorErrors() {}
}
