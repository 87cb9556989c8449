package dev.facet.detector;

import dev.facet.bootstrap.Refusal;
import dev.facet.detector.mtcnn.Cascade;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.models.DetectorNetwork;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** The detectors being served, the default one first. */
final class Detectors implements AutoCloseable {
  private final List<FaceDetector> detectors;

  /** Takes detectors over. */
  Detectors(List<FaceDetector> detectors) {
    this.detectors = List.copyOf(detectors);
  }

  /** Fetches what is missing and loads every detector of the settings. */
  static Detectors load(DetectorSettings settings, MeterRegistry meters) {
    DetectorSettings.Models models = settings.models();
    ModelStore store = ModelStore.open(models.catalogue(), models.cache(), models.mirror());
    List<FaceDetector> loaded = new ArrayList<>();
    try {
      for (String name : models.serve()) {
        loaded.add(load(store.served(name, Progress.NONE), settings, meters));
      }
      return new Detectors(loaded);
    } catch (RuntimeException e) {
      loaded.forEach(FaceDetector::close);
      throw e;
    }
  }

  static FaceDetector load(ServedModel model, DetectorSettings settings, MeterRegistry meters) {
    if (!(model.model().task() instanceof Task.Detection(DetectorNetwork network))) {
      throw new IllegalArgumentException(model.model().name() + " is not a detector");
    }
    return switch (network) {
      case DetectorNetwork.YuNet task -> yunet(model, task, settings, meters);
      case DetectorNetwork.Mtcnn task -> mtcnn(model, task, settings, meters);
    };
  }

  private static FaceDetector yunet(
      ServedModel model,
      DetectorNetwork.YuNet task,
      DetectorSettings settings,
      MeterRegistry meters) {
    BatchPolicy policy = settings.batchPolicy(settings.batch().max(), settings.batch().queue());
    // A GPU is warmed for few sizes, to which batches are padded; a processor takes any.
    IntUnaryOperator runSize =
        settings.onnx().provider() == ExecutionProvider.CUDA
            ? policy::bucket
            : IntUnaryOperator.identity();
    return new YuNet(
        model,
        settings.detect().options(task.scoreThreshold(), task.overlapThreshold()),
        new CanvasShapes(settings.detect().canvases(), task.sideMultiple()),
        policy,
        new YuNetGraph(OnnxModel.load(model.path(), settings.onnx().settings()), runSize),
        meters);
  }

  private static FaceDetector mtcnn(
      ServedModel model,
      DetectorNetwork.Mtcnn task,
      DetectorSettings settings,
      MeterRegistry meters) {
    MtcnnSettings mtcnn = settings.mtcnn();
    Cascade.Policies policies =
        new Cascade.Policies(
            settings.batchPolicy(mtcnn.tileBatch(), mtcnn.queue()),
            settings.batchPolicy(mtcnn.refinementBatch(), mtcnn.queue()),
            settings.batchPolicy(mtcnn.outputBatch(), mtcnn.queue()));
    return new Mtcnn(
        model,
        mtcnn.options(task),
        Cascade.load(model, settings.onnx().settings(), policies, meters),
        mtcnn.memoryBytes());
  }

  List<FaceDetector> all() {
    return detectors;
  }

  /**
   * The detector of that name, or the default one for an empty name.
   *
   * @throws Refusal MODEL_NOT_FOUND
   */
  FaceDetector named(String name) {
    if (name.isEmpty()) {
      return detectors.getFirst();
    }
    return detectors.stream()
        .filter(detector -> detector.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.NOT_FOUND,
                    "MODEL_NOT_FOUND",
                    "no such detector is served here; there are: "
                        + String.join(", ", detectors.stream().map(FaceDetector::name).toList())));
  }

  /** Runs every shape and batch size once. */
  void warm() {
    detectors.forEach(FaceDetector::warm);
  }

  @Override
  public void close() {
    detectors.reversed().forEach(FaceDetector::close);
  }
}
