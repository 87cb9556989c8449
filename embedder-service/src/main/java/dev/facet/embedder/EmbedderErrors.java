package dev.facet.embedder;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.inference.batch.BatcherClosedException;
import dev.facet.inference.batch.DeadlinePassedException;
import dev.facet.inference.batch.ModelFailedException;
import dev.facet.inference.batch.QueueFullException;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What callers of the embedder are told when a crop gets no vector. */
final class EmbedderErrors {
  private static final Logger log = LoggerFactory.getLogger(EmbedderErrors.class);

  static final ErrorTable TABLE =
      ErrorTable.standard()
          .with(
              QueueFullException.class,
              e ->
                  Refusal.of(
                          Status.Code.UNAVAILABLE, "QUEUE_FULL", Objects.toString(e.getMessage()))
                      .retryAfter(e.retryAfter()))
          .with(DeadlinePassedException.class, Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED")
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
