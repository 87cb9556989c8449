package dev.facet.inference.serving;

import dev.facet.inference.onnx.OnnxException;
import dev.facet.inference.onnx.ProviderUnavailableException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings versions into service while others serve: counts and logs what fails, in full for the
 * operator, and tells the caller in words fit for the world.
 */
public final class ModelLoader<M> {
  private static final Logger log = LoggerFactory.getLogger(ModelLoader.class);

  /** Stands for models whose names are not known to be anybody's but the caller's. */
  private static final String OTHER = "other";

  private final LiveModels<M> models;
  private final Function<? super M, ?> identity;
  private final Source<M> source;
  private final ModelMetrics metrics;

  /** Where versions come from. */
  public interface Source<M> {

    /** What the reference means now; empty if it means nothing that this service can run. */
    Optional<Candidate<M>> find(ModelReference wanted);

    /** Why a load failed, without path or address; empty for what is not the source's. */
    Optional<String> explain(RuntimeException failure);
  }

  /**
   * A loader into these models.
   *
   * @param identity of an open model, to be compared with that of a {@link Candidate}
   */
  public ModelLoader(
      LiveModels<M> models,
      Function<? super M, ?> identity,
      Source<M> source,
      MeterRegistry meters) {
    this.models = models;
    this.identity = identity;
    this.source = source;
    this.metrics = new ModelMetrics(meters, models);
  }

  /**
   * Loads what the reference means now.
   *
   * @throws ModelNotLoadedException if there is no such version to load
   * @throws ModelLoadException if it cannot be loaded; nothing has changed
   * @throws ModelBusyException if one of that name is loading, or this one drains
   */
  public LiveModel<M> load(ModelReference wanted, LoadOptions options) {
    String model = OTHER;
    try {
      Candidate<M> candidate =
          source
              .find(wanted)
              .orElseThrow(
                  () -> new ModelNotLoadedException("there is no %s to load".formatted(wanted)));
      model = candidate.version().name();
      requireSame(candidate);
      return load(candidate, options);
    } catch (ModelNotLoadedException | ModelBusyException | ModelsClosedException refusal) {
      throw refusal;
    } catch (RuntimeException failure) {
      metrics.loadFailed(model);
      log.error("{} cannot be loaded; what served before serves on", wanted, failure);
      throw new ModelLoadException("%s: %s".formatted(wanted, words(failure)), failure);
    }
  }

  /** Loads a version, and throws what its opener throws. */
  public LiveModel<M> load(Candidate<M> candidate, LoadOptions options) {
    long start = System.nanoTime();
    LiveModel<M> loaded = models.load(candidate.version(), options, candidate.opener());
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    metrics.loaded(candidate.version(), time);
    log.info("{} serves, after {} ms", candidate.version(), time.toMillis());
    return loaded;
  }

  /** Vectors of two models must never go by one name and version. */
  private void requireSame(Candidate<M> candidate) {
    for (LiveModel<M> live : models.all()) {
      if (live.version().equals(candidate.version())
          && live.model()
              .map(identity)
              .filter(id -> !id.equals(candidate.identity()))
              .isPresent()) {
        throw new ModelLoadException(
            "this version is loaded with other weights or other preprocessing; a changed model"
                + " needs a new version",
            null);
      }
    }
  }

  private String words(RuntimeException failure) {
    return switch (failure) {
      case OnnxException _, ProviderUnavailableException _, ModelLoadException _ ->
          Objects.toString(failure.getMessage());
      default ->
          source.explain(failure).orElse("it failed for a reason that is in the service's log");
    };
  }
}
