package dev.facet.serving;

import dev.facet.bootstrap.GrpcSettings;
import dev.facet.bootstrap.Refusal;
import dev.facet.inference.batch.Batcher;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models that a service answers with, and how further ones are brought into it. */
public final class ModelsInService<M> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ModelsInService.class);

  private final ServedTask<M> task;
  private final StoreSettings files;
  private final RunSettings runs;
  private final boolean hotLoad;
  private final LiveModels<M> models = new LiveModels<>(this::retire, ResidentMemory::bytes);
  private final ModelLoader<M> loader;

  private ModelsInService(
      ServedTask<M> task,
      StoreSettings files,
      RunSettings runs,
      GrpcSettings door,
      MeterRegistry meters) {
    this.task = task;
    this.files = files;
    this.runs = runs;
    this.hotLoad = files.hotLoad().on(door);
    this.loader =
        new ModelLoader<>(models, model -> task.served(model).id(), new InCatalogue(), meters);
  }

  /**
   * Fetches what is missing and loads every model named; the first is the default.
   *
   * @param names as the catalogue has them
   * @param door what the service listens on, which decides whether more are loaded on call
   */
  public static <M> ModelsInService<M> load(
      ServedTask<M> task,
      List<String> names,
      StoreSettings files,
      RunSettings runs,
      GrpcSettings door,
      MeterRegistry meters) {
    ModelsInService<M> service = new ModelsInService<>(task, files, runs, door, meters);
    try {
      if (runs.precision() == Precision.FP16 && runs.provider() == ExecutionProvider.CPU) {
        log.warn("onnx.precision=fp16 on cpu: runs will take a hundred times as long, and more");
      }
      ModelStore store = files.open();
      for (String name : names) {
        ModelRecord record = store.catalogue().model(name);
        service.loader.load(service.candidate(store, record), LoadOptions.REPLACE);
      }
      return service;
    } catch (RuntimeException e) {
      service.close();
      throw e;
    }
  }

  /** The model that a request names, for as long as it is used. */
  public Lease<M> lease(String name) {
    return models.lease(ModelReference.of(name));
  }

  /** All versions there are, the default first. */
  public List<LiveModel<M>> all() {
    return models.all();
  }

  /** What runs the models that are open now. */
  public List<Batcher<?, ?>> batchers() {
    List<Batcher<?, ?>> batchers = new ArrayList<>();
    models.all().forEach(live -> live.model().map(task::batchers).ifPresent(batchers::addAll));
    return batchers;
  }

  /**
   * Lets through who may change what is served.
   *
   * @throws Refusal PERMISSION_DENIED
   */
  public void requireHotLoad() {
    if (!hotLoad) {
      throw Refusal.of(
          Status.Code.PERMISSION_DENIED,
          "PERMISSION_DENIED",
          "models are not loaded and unloaded on call here (models.hot-load)");
    }
  }

  /** Brings a version into service; see {@link ModelLoader#load}. */
  public LiveModel<M> load(ModelReference wanted, LoadOptions options) {
    return loader.load(wanted, options);
  }

  /** Takes a version out of service and waits until it is closed. */
  public ModelVersion unload(ModelReference unwanted) throws InterruptedException {
    ModelVersion version = models.unload(unwanted);
    models.awaitClosed(version);
    return version;
  }

  @Override
  public void close() {
    models.close();
  }

  private Candidate<M> candidate(ModelStore store, ModelRecord record) {
    return new Candidate<>(
        version(record),
        record.id(),
        () -> task.open(store.served(record.name(), runs.precision(), Progress.NONE)));
  }

  private static ModelVersion version(ModelRecord record) {
    return new ModelVersion(record.name(), record.version());
  }

  /** Whatever goes wrong in it, the version is gone. */
  private void retire(M model) {
    ModelVersion version = version(task.served(model).model());
    try {
      task.close(model);
      log.info("{} is closed", version);
    } catch (RuntimeException e) {
      log.error("{} could not be closed", version, e);
    }
  }

  /** The models of the task in the catalogue as it is when asked. */
  private final class InCatalogue implements ModelLoader.Source<M> {

    @Override
    public Optional<Candidate<M>> find(ModelReference wanted) {
      ModelStore store = files.open();
      return task.records(store.catalogue()).stream()
          .filter(record -> wanted.allows(version(record)))
          .findFirst()
          .map(record -> candidate(store, record));
    }

    @Override
    public Optional<String> explain(RuntimeException failure) {
      return failure instanceof ModelException fault
          ? Optional.of(ModelFault.words(fault))
          : task.explain(failure);
    }
  }
}
