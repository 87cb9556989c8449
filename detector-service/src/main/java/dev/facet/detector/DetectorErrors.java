package dev.facet.detector;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.detector.image.DecodeTimeoutException;
import dev.facet.detector.image.InvalidImageException;
import dev.facet.inference.batch.BatcherClosedException;
import dev.facet.inference.batch.DeadlinePassedException;
import dev.facet.inference.batch.ModelFailedException;
import dev.facet.inference.batch.QueueFullException;
import dev.facet.inference.serving.ModelBusyException;
import dev.facet.inference.serving.ModelInUseException;
import dev.facet.inference.serving.ModelLoadException;
import dev.facet.inference.serving.ModelNotLoadedException;
import dev.facet.inference.serving.ModelsClosedException;
import io.grpc.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers of the detector are told when a picture gets no answer. */
final class DetectorErrors {
  private static final Logger log = LoggerFactory.getLogger(DetectorErrors.class);

  private static final Duration LOADING_TAKES = Duration.ofSeconds(1);

  static final ErrorTable TABLE =
      ErrorTable.standard()
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
          .with(DecodeTimeoutException.class, Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED")
          .with(
              QueueFullException.class,
              e ->
                  Refusal.of(
                          Status.Code.UNAVAILABLE, "QUEUE_FULL", Objects.toString(e.getMessage()))
                      .retryAfter(e.retryAfter()))
          .with(DeadlinePassedException.class, Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED")
          .with(ModelNotLoadedException.class, Status.Code.NOT_FOUND, "MODEL_NOT_FOUND")
          .with(ModelInUseException.class, Status.Code.FAILED_PRECONDITION, "MODEL_IN_USE")
          .with(ModelLoadException.class, Status.Code.FAILED_PRECONDITION, "MODEL_LOAD_FAILED")
          .with(
              ModelBusyException.class,
              e ->
                  Refusal.of(
                          Status.Code.UNAVAILABLE,
                          "MODEL_NOT_READY",
                          Objects.toString(e.getMessage()))
                      .retryAfter(LOADING_TAKES))
          .with(ModelsClosedException.class, Status.Code.UNAVAILABLE, "SHUTTING_DOWN")
          .with(CancellationException.class, Status.Code.CANCELLED, "CANCELLED")
          .with(BatcherClosedException.class, Status.Code.UNAVAILABLE, "SHUTTING_DOWN")
          .with(ModelFailedException.class, DetectorErrors::modelFailed);

  private DetectorErrors() {}

  /** The cause is ONNX Runtime's or ours: for the log, not for the caller. */
  private static Refusal modelFailed(ModelFailedException failure) {
    log.warn("The model failed on a picture", failure);
    return Refusal.of(Status.Code.INTERNAL, "MODEL_FAILED", "the model failed on this image");
  }
}
