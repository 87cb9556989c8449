package dev.facet.detector;

import dev.facet.detector.DetectorSettings.Detect;
import dev.facet.detector.mtcnn.Cascade;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.Catalogue;
import dev.facet.models.DetectorNetwork;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.ServedTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** How detectors are opened and closed. */
record Detectors(DetectorSettings settings, MeterRegistry meters)
    implements ServedTask<FaceDetector> {

  /** Fetches what is missing and loads every detector of the settings; the first is the default. */
  static ModelsInService<FaceDetector> load(DetectorSettings settings, MeterRegistry meters) {
    return ModelsInService.load(
        new Detectors(settings, meters),
        settings.models().serve(),
        settings.models().files(),
        settings.onnx(),
        settings.server().grpc(),
        meters);
  }

  @Override
  public List<ModelRecord> records(Catalogue catalogue) {
    return catalogue.detectors();
  }

  @Override
  public FaceDetector open(ServedModel model) {
    return warm(load(model, settings, meters));
  }

  @Override
  public ServedModel served(FaceDetector detector) {
    return detector.model();
  }

  @Override
  public List<Batcher<?, ?>> batchers(FaceDetector detector) {
    return detector.batchers();
  }

  @Override
  public void close(FaceDetector detector) {
    detector.close();
  }

  static FaceDetector load(ServedModel model, DetectorSettings settings, MeterRegistry meters) {
    return load(
        model,
        settings.detect(),
        settings.mtcnn(),
        settings.onnx().session(),
        settings.batchPolicy(),
        meters);
  }

  /**
   * Opens a detector, which is not warm yet.
   *
   * @param detect for YuNet
   * @param mtcnn for MTCNN
   * @param policy for YuNet; MTCNN's networks have batches and queues of their own sizes
   */
  static FaceDetector load(
      ServedModel model,
      Detect detect,
      MtcnnSettings mtcnn,
      OnnxSettings onnx,
      BatchPolicy policy,
      MeterRegistry meters) {
    if (!(model.model().task() instanceof Task.Detection(DetectorNetwork network))) {
      throw new IllegalArgumentException(model.model().name() + " is not a detector");
    }
    return switch (network) {
      case DetectorNetwork.YuNet task -> yunet(model, task, detect, onnx, policy, meters);
      case DetectorNetwork.Mtcnn task -> mtcnn(model, task, mtcnn, onnx, policy, meters);
    };
  }

  private static FaceDetector yunet(
      ServedModel model,
      DetectorNetwork.YuNet task,
      Detect detect,
      OnnxSettings onnx,
      BatchPolicy policy,
      MeterRegistry meters) {
    // A GPU is warmed for few sizes, to which batches are padded; a processor takes any.
    IntUnaryOperator runSize =
        onnx.provider() == ExecutionProvider.CUDA ? policy::bucket : IntUnaryOperator.identity();
    return new YuNet(
        model,
        detect.options(task.scoreThreshold(), task.overlapThreshold()),
        new CanvasShapes(detect.canvases(), task.sideMultiple()),
        policy,
        new YuNetGraph(OnnxModel.load(model.path(), onnx), runSize),
        meters);
  }

  private static FaceDetector mtcnn(
      ServedModel model,
      DetectorNetwork.Mtcnn task,
      MtcnnSettings mtcnn,
      OnnxSettings onnx,
      BatchPolicy policy,
      MeterRegistry meters) {
    return new Mtcnn(
        model,
        mtcnn.options(task),
        Cascade.load(model, onnx, mtcnn.policies(policy, onnx.provider()), meters),
        mtcnn.memoryBytes());
  }

  /** Warms a detector, or closes it. */
  static FaceDetector warm(FaceDetector detector) {
    try {
      detector.warm();
      return detector;
    } catch (RuntimeException e) {
      detector.close();
      throw e;
    }
  }
}
