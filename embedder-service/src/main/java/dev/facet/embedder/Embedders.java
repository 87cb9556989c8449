package dev.facet.embedder;

import dev.facet.bootstrap.Refusal;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.serving.Candidate;
import dev.facet.inference.serving.Lease;
import dev.facet.inference.serving.LiveModel;
import dev.facet.inference.serving.LiveModels;
import dev.facet.inference.serving.LoadOptions;
import dev.facet.inference.serving.ModelLoader;
import dev.facet.inference.serving.ModelReference;
import dev.facet.inference.serving.ModelVersion;
import dev.facet.inference.serving.ResidentMemory;
import dev.facet.models.ModelException;
import dev.facet.models.ModelFault;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.graph.Precision;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The embedding models in service, and how further ones are brought into it. */
final class Embedders implements ModelLoader.Source<Embedder>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Embedders.class);

  private final EmbedderSettings settings;
  private final MeterRegistry meters;
  private final LiveModels<Embedder> models =
      new LiveModels<>(Embedders::retire, ResidentMemory::bytes);
  private final ModelLoader<Embedder> loader;

  private Embedders(EmbedderSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.meters = meters;
    this.loader = new ModelLoader<>(models, Embedder::id, this, meters);
  }

  /** Fetches what is missing and loads every model of the settings; the first is the default. */
  static Embedders load(EmbedderSettings settings, MeterRegistry meters) {
    Embedders embedders = new Embedders(settings, meters);
    try {
      if (settings.onnx().precision() == Precision.FP16
          && settings.onnx().provider() == ExecutionProvider.CPU) {
        log.warn("onnx.precision=fp16 on cpu: runs will take a hundred times as long, and more");
      }
      ModelStore store = embedders.store();
      for (String name : settings.models().serve()) {
        ModelRecord record = store.catalogue().model(name);
        embedders.loader.load(embedders.candidate(store, record), LoadOptions.REPLACE);
      }
      return embedders;
    } catch (RuntimeException e) {
      embedders.close();
      throw e;
    }
  }

  /** The model that a request names, for as long as it is used. */
  Lease<Embedder> lease(String model) {
    return models.lease(ModelReference.of(model));
  }

  /** All versions there are, the default first. */
  List<LiveModel<Embedder>> all() {
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
  LiveModel<Embedder> load(ModelReference wanted, LoadOptions options) {
    return loader.load(wanted, options);
  }

  /** Takes a version out of service and waits until it is closed. */
  ModelVersion unload(ModelReference unwanted) throws InterruptedException {
    ModelVersion version = models.unload(unwanted);
    models.awaitClosed(version);
    return version;
  }

  @Override
  public Optional<Candidate<Embedder>> find(ModelReference wanted) {
    ModelStore store = store();
    return store.catalogue().embedders().stream()
        .filter(record -> wanted.allows(version(record)))
        .findFirst()
        .map(record -> candidate(store, record));
  }

  @Override
  public Optional<String> explain(RuntimeException failure) {
    return switch (failure) {
      case ModelException fault -> Optional.of(ModelFault.words(fault));
      case SelfTestFailedException test -> Optional.ofNullable(test.getMessage());
      default -> Optional.empty();
    };
  }

  private Candidate<Embedder> candidate(ModelStore store, ModelRecord record) {
    return new Candidate<>(
        version(record),
        record.id(),
        () ->
            Embedder.load(
                store.served(record.name(), settings.onnx().precision(), Progress.NONE),
                settings.onnx().settings(),
                settings.batchPolicy(),
                meters));
  }

  private static ModelVersion version(ModelRecord record) {
    return new ModelVersion(record.name(), record.version());
  }

  /** The catalogue as it is now. */
  private ModelStore store() {
    return ModelStore.open(settings.models().places());
  }

  /** Whatever goes wrong in it, the version is gone. */
  private static void retire(Embedder embedder) {
    try {
      embedder.close();
      log.info("{} is closed", version(embedder.served().model()));
    } catch (RuntimeException e) {
      log.error("{} could not be closed", version(embedder.served().model()), e);
    }
  }

  @Override
  public void close() {
    models.close();
  }
}
