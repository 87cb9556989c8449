package dev.facet.detector;

import dev.facet.bootstrap.Refusal;
import dev.facet.detector.DetectorSettings.Detect;
import dev.facet.detector.mtcnn.Cascade;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.inference.serving.Candidate;
import dev.facet.inference.serving.Lease;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LiveModels;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ModelLoader;
import dev.facet.inference.serving.ModelReference;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.inference.serving.ResidentMemory;
import dev.facet.models.DetectorNetwork;
import dev.facet.models.ModelException;
import dev.facet.models.ModelFault;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import dev.facet.models.graph.Precision;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The detectors in service, and how further ones are brought into it. */
final class Detectors implements ModelLoader.Source<FaceDetector>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Detectors.class);

  private final DetectorSettings settings;
  private final MeterRegistry meters;
  private final LiveModels<FaceDetector> models =
      new LiveModels<>(Detectors::retire, ResidentMemory::bytes);
  private final ModelLoader<FaceDetector> loader;

  private Detectors(DetectorSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.meters = meters;
    this.loader = new ModelLoader<>(models, detector -> detector.model().id(), this, meters);
  }

  /** Fetches what is missing and loads every detector of the settings; the first is the default. */
  static Detectors load(DetectorSettings settings, MeterRegistry meters) {
    Detectors detectors = new Detectors(settings, meters);
    try {
      if (settings.onnx().precision() == Precision.FP16
          && settings.onnx().provider() == ExecutionProvider.CPU) {
        log.warn("onnx.precision=fp16 on cpu: runs will take a hundred times as long, and more");
      }
      ModelStore store = detectors.store();
      for (String name : settings.models().serve()) {
        ModelRecord record = store.catalogue().model(name);
        detectors.loader.load(detectors.candidate(store, record), LoadOptions.REPLACE);
      }
      return detectors;
    } catch (RuntimeException e) {
      detectors.close();
      throw e;
    }
  }

  static FaceDetector load(ServedModel model, DetectorSettings settings, MeterRegistry meters) {
    return load(
        model,
        settings.detect(),
        settings.mtcnn(),
        settings.onnx().settings(),
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
    Cascade.Policies policies =
        new Cascade.Policies(
            policy.sized(mtcnn.tileBatch(), mtcnn.queue()),
            policy.sized(mtcnn.refinementBatch(), mtcnn.queue()),
            policy.sized(mtcnn.outputBatch(), mtcnn.queue()));
    return new Mtcnn(
        model,
        mtcnn.options(task),
        Cascade.load(model, onnx, policies, meters),
        mtcnn.memoryBytes());
  }

  /** The detector that a request names, for as long as it is used. */
  Lease<FaceDetector> lease(String name) {
    return models.lease(ModelReference.of(name));
  }

  /** All versions there are, the default first. */
  List<LiveModel<FaceDetector>> all() {
    return models.all();
  }

  /**
   * Lets through who may change what is served.
   *
   * @throws Refusal PERMISSION_DENIED
   */
  void requireHotLoad() {
    if (!settings.models().hotLoad().on(settings.server().grpc())) {
      throw Refusal.of(
          Status.Code.PERMISSION_DENIED,
          "PERMISSION_DENIED",
          "models are not loaded and unloaded on call here (models.hot-load)");
    }
  }

  /** Brings a version into service; see {@link ModelLoader#load}. */
  LiveModel<FaceDetector> load(ModelReference wanted, LoadOptions options) {
    return loader.load(wanted, options);
  }

  /** Takes a version out of service and waits until it is closed. */
  ModelVersion unload(ModelReference unwanted) throws InterruptedException {
    ModelVersion version = models.unload(unwanted);
    models.awaitClosed(version);
    return version;
  }

  @Override
  public Optional<Candidate<FaceDetector>> find(ModelReference wanted) {
    ModelStore store = store();
    return store.catalogue().detectors().stream()
        .filter(record -> wanted.allows(version(record)))
        .findFirst()
        .map(record -> candidate(store, record));
  }

  @Override
  public Optional<String> explain(RuntimeException failure) {
    return failure instanceof ModelException fault
        ? Optional.of(ModelFault.words(fault))
        : Optional.empty();
  }

  private Candidate<FaceDetector> candidate(ModelStore store, ModelRecord record) {
    return new Candidate<>(
        version(record),
        record.id(),
        () ->
            warm(
                load(
                    store.served(record.name(), settings.onnx().precision(), Progress.NONE),
                    settings,
                    meters)));
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

  private static ModelVersion version(ModelRecord record) {
    return new ModelVersion(record.name(), record.version());
  }

  /** The catalogue as it is now. */
  private ModelStore store() {
    return ModelStore.open(settings.models().places());
  }

  /** Whatever goes wrong in it, the version is gone. */
  private static void retire(FaceDetector detector) {
    try {
      detector.close();
      log.info("{} is closed", version(detector.model().model()));
    } catch (RuntimeException e) {
      log.error("{} could not be closed", version(detector.model().model()), e);
    }
  }

  @Override
  public void close() {
    models.close();
  }
}
