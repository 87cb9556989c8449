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

/** What callers of the embedder are told when a crop gets no vector. */
final class EmbedderErrors {
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
          .with(
              ModelFailedException.class,
              e ->
                  Refusal.of(
                      Status.Code.INTERNAL, "MODEL_FAILED", "the model failed on this crop"));

  private EmbedderErrors() {}
}
