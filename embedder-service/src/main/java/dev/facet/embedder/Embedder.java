package dev.facet.embedder;

import dev.facet.bootstrap.CurrentCall;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.batch.Submission;
import dev.facet.inference.metrics.BatchMetrics;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ModelId;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** One embedding model in service: crops of all callers share its runs. */
final class Embedder implements AutoCloseable {
  private final ServedModel served;
  private final Task.Embedding task;
  private final BatchPolicy policy;
  private final ExecutionProvider provider;
  private final OnnxModel onnx;
  private final CropModel model;
  private final BatchMetrics metrics;
  private final Batcher<byte[], float[]> batcher;

  private Embedder(
      ServedModel served,
      Task.Embedding task,
      BatchPolicy policy,
      ExecutionProvider provider,
      OnnxModel onnx,
      MeterRegistry meters) {
    this.served = served;
    this.task = task;
    this.policy = policy;
    this.provider = provider;
    this.onnx = onnx;
    this.model = new CropModel(onnx, task.crop(), this::runSize);
    this.metrics = new BatchMetrics(meters, name(), id().version());
    this.batcher = new Batcher<>(name(), policy, model, metrics);
    metrics.watch(batcher);
  }

  /**
   * Opens a model, runs every batch size once, so that no caller pays for a first time, and has it
   * prove itself.
   *
   * @throws SelfTestFailedException if it does not give the vectors it must give
   */
  static Embedder load(
      ServedModel served, OnnxSettings onnx, BatchPolicy policy, MeterRegistry meters) {
    Embedder embedder = open(served, onnx, policy, meters);
    try {
      embedder.warm();
      SelfTest.run(embedder);
      return embedder;
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }

  private static Embedder open(
      ServedModel served, OnnxSettings onnx, BatchPolicy policy, MeterRegistry meters) {
    if (!(served.model().task() instanceof Task.Embedding task)) {
      throw new IllegalArgumentException(served.model().name() + " is not an embedding model");
    }
    return new Embedder(
        served, task, policy, onnx.provider(), OnnxModel.load(served.path(), onnx), meters);
  }

  String name() {
    return served.model().name();
  }

  Batcher<byte[], float[]> batcher() {
    return batcher;
  }

  ModelId id() {
    return served.id();
  }

  ServedModel served() {
    return served;
  }

  Task.Embedding task() {
    return task;
  }

  ExecutionProvider provider() {
    return provider;
  }

  int maxBatch() {
    return policy.maxBatch();
  }

  int cropWidth() {
    return task.crop().width();
  }

  int cropHeight() {
    return task.crop().height();
  }

  int cropBytes() {
    return cropWidth() * cropHeight() * 3;
  }

  /** Queues crops of {@link #cropBytes()} bytes each, until the deadline of the current call. */
  Submission<float[]> submit(List<byte[]> crops, Priority priority) {
    return batcher.submit(crops, priority, CurrentCall.deadlineNanos());
  }

  /** Embeds on the calling thread, past the queue: for what happens before anyone may call. */
  List<float[]> embedNow(List<byte[]> crops) {
    return model.run(crops);
  }

  private void warm() {
    byte[] crop = GoldenCrop.draw(0, cropWidth(), cropHeight());
    IntStream.rangeClosed(1, policy.maxBatch())
        .map(this::runSize)
        .distinct()
        .forEach(size -> model.run(Collections.nCopies(size, crop)));
  }

  /**
   * A GPU is warmed for few sizes, to which batches are padded; a processor takes any size, and
   * would only compute the padding.
   */
  private int runSize(int crops) {
    return provider == ExecutionProvider.CUDA ? policy.bucket(crops) : crops;
  }

  @Override
  public void close() {
    batcher.close();
    metrics.close();
    onnx.close();
  }
}
