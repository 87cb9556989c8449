package dev.facet.embedder;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.bootstrap.Refusal;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ModelId;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * An embedding model without its service: crops in, unit vectors out. Batching, warming and
 * self-test are the service's. Safe from any thread; callers share batches.
 */
public final class LocalEmbedder implements AutoCloseable {
  private final Embedder embedder;

  private LocalEmbedder(Embedder embedder) {
    this.embedder = embedder;
  }

  /**
   * Opens a model, runs every batch size once, and has it prove itself.
   *
   * @throws IllegalArgumentException if the model is not an embedder
   * @throws SelfTestFailedException if it does not give the vectors it must give
   */
  public static LocalEmbedder load(
      ServedModel model, OnnxSettings onnx, BatchPolicy policy, MeterRegistry meters) {
    return new LocalEmbedder(Embedder.load(model, onnx, policy, meters));
  }

  public ModelId model() {
    return embedder.id();
  }

  /** The crop that it takes, the vectors that it gives, and when they match. */
  public Task.Embedding task() {
    return embedder.task();
  }

  /**
   * Embeds crops; blocks until the model has run. On a thread that answers a gRPC call, that call's
   * deadline and cancellation hold; on any other, the wait ends after a minute.
   *
   * @param crops red, green, blue, row by row without padding, of the size of {@link #task()}; not
   *     to be changed meanwhile
   * @return a unit vector for each, in order
   * @throws IllegalArgumentException if a crop is of another size
   * @throws dev.facet.inference.batch.QueueFullException if so many do not fit the queue now
   * @throws dev.facet.inference.batch.DeadlinePassedException if the wait was too long
   * @throws dev.facet.inference.batch.ModelFailedException if the model fails on one of them
   * @throws CancellationException if the thread was interrupted, and it stays so
   */
  public List<float[]> embed(List<byte[]> crops) {
    for (byte[] crop : crops) {
      if (crop.length != embedder.cropBytes()) {
        throw new IllegalArgumentException(
            "%s takes crops of %dx%d pixels in %d bytes, not in %d"
                .formatted(
                    embedder.name(),
                    embedder.cropWidth(),
                    embedder.cropHeight(),
                    embedder.cropBytes(),
                    crop.length));
      }
    }
    try {
      Submission<float[]> submission = embedder.submit(crops, Priority.INTERACTIVE);
      return CurrentCall.await(submission::await, submission::cancel).stream()
          .map(BatchResult::output)
          .toList();
    } catch (Refusal interrupted) {
      throw new CancellationException("nobody waits for the vectors any more");
    }
  }

  /** Refuses what comes, ends what was accepted, and frees the model. */
  @Override
  public void close() {
    embedder.close();
  }
}
