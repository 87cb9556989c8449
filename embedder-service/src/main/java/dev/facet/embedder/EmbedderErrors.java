package dev.facet.embedder;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
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

/** What callers of the embedder are told when a crop gets no vector. */
final class EmbedderErrors {
  private static final Logger log = LoggerFactory.getLogger(EmbedderErrors.class);

  private static final Duration LOADING_TAKES = Duration.ofSeconds(1);

  static final ErrorTable TABLE =
      ErrorTable.standard()
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
          .with(ModelFailedException.class, EmbedderErrors::modelFailed);

  private EmbedderErrors() {}

  /** The cause is ONNX Runtime's or ours: for the log, not for the caller. */
  private static Refusal modelFailed(ModelFailedException failure) {
    log.warn("The model failed on a crop", failure);
    return Refusal.of(Status.Code.INTERNAL, "MODEL_FAILED", "the model failed on this crop");
  }
}
