package dev.facet.pipeline;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.facet.detector.LocalDetector;
import dev.facet.embedder.LocalEmbedder;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ModelChoice;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.ServedModel;
import dev.facet.models.Source;
import dev.facet.models.StorePlaces;
import dev.facet.models.graph.Precision;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a {@link FacePipeline} is made of; what is not set is as the services have it. */
public final class FacePipelineBuilder {
  private static final Logger log = LoggerFactory.getLogger(FacePipelineBuilder.class);

  private static final int MOST_PHOTOS_AT_ONCE = 64;

  /** The turns bound what waits for a network, so its queue need not. */
  private static final int QUEUE = Integer.MAX_VALUE;

  private Optional<Path> cache = Optional.empty();
  private Optional<Path> mirror = Optional.empty();
  private Optional<Path> catalogue = Optional.empty();
  private Set<Source.Kind> sources = EnumSet.allOf(Source.Kind.class);
  private Optional<String> detector = Optional.empty();
  private Optional<String> embedder = Optional.empty();
  private ExecutionProvider provider = ExecutionProvider.CPU;
  private Precision precision = Precision.FP32;
  private int device;
  private int threads;
  private int detectorBatch = 4;
  private int embedderBatch = 16;
  private MeterRegistry meters = new CompositeMeterRegistry();

  FacePipelineBuilder() {}

  /** Folder that keeps model files; {@code facet/models} in the user's cache by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder cache(Path folder) {
    cache = Optional.of(folder);
    return this;
  }

  /** Folder with copies of the published files, asked before the network; none by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder mirror(Path folder) {
    mirror = Optional.of(folder);
    return this;
  }

  /**
   * File whose models are added to the bundled ones; {@code facet/catalogue.yaml} in the user's
   * configuration by default, where there is one.
   */
  @CanIgnoreReturnValue
  public FacePipelineBuilder catalogue(Path file) {
    catalogue = Optional.of(file);
    return this;
  }

  /** What may be asked for files that are not kept yet: all kinds by default, or none at all. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder sources(Source.Kind... kinds) {
    sources = Set.of(kinds);
    return this;
  }

  /** Name of the detector in the catalogue; the first one that can be had by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder detector(String name) {
    detector = Optional.of(name);
    return this;
  }

  /** Name of the embedder in the catalogue; the first one that can be had by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder embedder(String name) {
    embedder = Optional.of(name);
    return this;
  }

  /** What the networks run on: CPU by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder provider(ExecutionProvider where) {
    provider = where;
    return this;
  }

  /** GPU to use with CUDA, 0 by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder device(int number) {
    device = within("device", number, 0, 1024);
    return this;
  }

  /**
   * Runs of each network at the same time, one thread each, 0 to 1024; 0, the default, is one per
   * processor on the CPU, two on CUDA.
   */
  @CanIgnoreReturnValue
  public FacePipelineBuilder threads(int number) {
    threads = within("threads", number, 0, 1024);
    return this;
  }

  /** Most photos in one run of YuNet, 1 to 256, 4 by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder detectorBatch(int photos) {
    detectorBatch = within("detectorBatch", photos, 1, 256);
    return this;
  }

  /** Most faces in one run of the embedder, 1 to 1024, 16 by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder embedderBatch(int faces) {
    embedderBatch = within("embedderBatch", faces, 1, 1024);
    return this;
  }

  /** Of the numbers inside the networks; float32 by default. float16 is for a GPU. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder precision(Precision value) {
    precision = value;
    return this;
  }

  /** Who is told of batches, queues and decoding; nobody by default. */
  @CanIgnoreReturnValue
  public FacePipelineBuilder meters(MeterRegistry registry) {
    meters = registry;
    return this;
  }

  /**
   * Fetches what is missing, opens the two models, and runs every shape and batch size once.
   *
   * @throws dev.facet.models.ModelException if a model is unknown, is not for its task or cannot be
   *     had; the text says what was tried and what to copy where
   * @throws dev.facet.embedder.SelfTestFailedException if the embedder does not give the vectors it
   *     must give
   * @throws dev.facet.inference.onnx.ProviderUnavailableException if there is no CUDA and it was
   *     asked for
   */
  public FacePipeline open() {
    ModelStore store = ModelStore.open(new StorePlaces(catalogue, cache, mirror, sources));
    ServedModel eyes = choose("detector", store, store.catalogue().detectors(), detector);
    ServedModel memory = choose("embedder", store, store.catalogue().embedders(), embedder);
    OnnxSettings onnx = new OnnxSettings(provider, device, 1);
    int runners = runners();
    LocalDetector found =
        LocalDetector.load(
            eyes, onnx, BatchPolicy.of(detectorBatch, runners).sized(detectorBatch, QUEUE), meters);
    try {
      return new FacePipeline(
          found,
          LocalEmbedder.load(
              memory,
              onnx,
              BatchPolicy.of(embedderBatch, runners).sized(embedderBatch, QUEUE),
              meters),
          // While one batch of photos runs, the next one gathers.
          Math.min(MOST_PHOTOS_AT_ONCE, 2 * runners * detectorBatch));
    } catch (RuntimeException e) {
      found.close();
      throw e;
    }
  }

  private ServedModel choose(
      String task, ModelStore store, List<ModelRecord> candidates, Optional<String> asked) {
    ModelChoice choice =
        ModelChoice.of(store, candidates, asked, model -> store.fetch(model.name(), Progress.NONE));
    log.info(
        "{} {} ({}): {}",
        task,
        choice.model().name(),
        choice.model().licence().spdx(),
        choice.why());
    return store.served(choice.model().name(), precision, Progress.NONE);
  }

  private int runners() {
    if (threads > 0) {
      return threads;
    }
    return provider == ExecutionProvider.CUDA ? 2 : Runtime.getRuntime().availableProcessors();
  }

  private static int within(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s must be %d to %d, is %d".formatted(option, least, most, value));
    }
    return value;
  }
}
