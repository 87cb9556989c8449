package dev.facet.serving;

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

/** What callers of a server of models are told of its queues and of its models. */
public final class ServingErrors {
  private static final Logger log = LoggerFactory.getLogger(ServingErrors.class);

  private static final Duration LOADING_TAKES = Duration.ofSeconds(1);

  private ServingErrors() {}

  /**
   * The rows of every service, of batching and of models in service.
   *
   * @param item what a model takes one of, in the words of the service's callers
   */
  public static ErrorTable table(String item) {
    return ErrorTable.standard()
        .with(
            QueueFullException.class,
            e ->
                Refusal.of(Status.Code.UNAVAILABLE, "QUEUE_FULL", Objects.toString(e.getMessage()))
                    .retryAfter(e.retryAfter()))
        .with(DeadlinePassedException.class, Status.Code.DEADLINE_EXCEEDED, "DEADLINE_PASSED")
        .with(CancellationException.class, Status.Code.CANCELLED, "CANCELLED")
        .with(BatcherClosedException.class, Status.Code.UNAVAILABLE, "SHUTTING_DOWN")
        .with(ModelFailedException.class, failure -> modelFailed(failure, item))
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
        .with(ModelsClosedException.class, Status.Code.UNAVAILABLE, "SHUTTING_DOWN");
  }

  /** The cause is ONNX Runtime's or ours: for the log, not for the caller. */
  private static Refusal modelFailed(ModelFailedException failure, String item) {
    log.warn("The model failed on one {}", item, failure);
    return Refusal.of(
        Status.Code.INTERNAL, "MODEL_FAILED", "the model failed on this %s".formatted(item));
  }
}
