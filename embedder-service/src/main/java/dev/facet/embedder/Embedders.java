package dev.facet.embedder;

import dev.facet.bootstrap.Refusal;
import dev.facet.models.ModelStore;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** The models being served, the default one first. */
final class Embedders implements AutoCloseable {
  private final List<Embedder> embedders;

  private Embedders(List<Embedder> embedders) {
    this.embedders = List.copyOf(embedders);
  }

  /** Fetches what is missing and loads every model of the settings. */
  static Embedders load(EmbedderSettings settings, MeterRegistry meters) {
    EmbedderSettings.Models models = settings.models();
    ModelStore store = ModelStore.open(models.places());
    List<Embedder> loaded = new ArrayList<>();
    try {
      for (String name : models.serve()) {
        loaded.add(Embedder.load(store, name, settings, meters));
      }
      return new Embedders(loaded);
    } catch (RuntimeException e) {
      loaded.forEach(Embedder::close);
      throw e;
    }
  }

  List<Embedder> all() {
    return embedders;
  }

  /**
   * The model of that name, or the default one for an empty name.
   *
   * @throws Refusal MODEL_NOT_FOUND
   */
  Embedder named(String name) {
    if (name.isEmpty()) {
      return embedders.getFirst();
    }
    return embedders.stream()
        .filter(embedder -> embedder.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.of(
                    Status.Code.NOT_FOUND,
                    "MODEL_NOT_FOUND",
                    "no such embedding model is served here; there are: "
                        + String.join(", ", embedders.stream().map(Embedder::name).toList())));
  }

  /** Runs every batch size once, so that no caller pays for a first time, and the self-test. */
  void prove() {
    embedders.forEach(Embedder::warm);
    embedders.forEach(SelfTest::run);
  }

  @Override
  public void close() {
    embedders.reversed().forEach(Embedder::close);
  }
}
