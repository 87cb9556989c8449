package dev.facet.inference.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/**
 * The meters of the models in service.
 *
 * <ul>
 *   <li>{@code facet.models.loaded}: versions now, by {@code state}
 *   <li>{@code facet.model.load}: time of a load that brought a version into service, by {@code
 *       model} and {@code version}
 *   <li>{@code facet.model.load.failures}: loads that did not, by {@code model}
 * </ul>
 */
final class ModelMetrics {
  private final MeterRegistry meters;

  ModelMetrics(MeterRegistry meters, LiveModels<?> models) {
    this.meters = meters;
    for (LiveModel.State state : LiveModel.State.values()) {
      Gauge.builder(
              "facet.models.loaded",
              models,
              all -> all.all().stream().filter(model -> model.state() == state).count())
          .description("Versions of models in service")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
  }

  void loaded(ModelVersion version, Duration time) {
    Timer.builder("facet.model.load")
        .description("Time to bring a version into service")
        .tags("model", version.name(), "version", version.version())
        .register(meters)
        .record(time);
  }

  /**
   * Counts a load that failed.
   *
   * @param model a name of the catalogue, and none that a request made up
   */
  void loadFailed(String model) {
    Counter.builder("facet.model.load.failures")
        .description("Loads that brought no version into service")
        .tag("model", model)
        .register(meters)
        .increment();
  }
}
