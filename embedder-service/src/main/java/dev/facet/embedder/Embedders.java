package dev.facet.embedder;

import dev.facet.inference.batch.Batcher;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.ServedTask;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;

/** How embedding models are opened and closed. */
record Embedders(EmbedderSettings settings, MeterRegistry meters) implements ServedTask<Embedder> {

  /** Fetches what is missing and loads every model of the settings; the first is the default. */
  static ModelsInService<Embedder> load(EmbedderSettings settings, MeterRegistry meters) {
    return ModelsInService.load(
        new Embedders(settings, meters),
        settings.models().serve(),
        settings.models().files(),
        settings.onnx(),
        settings.server().grpc(),
        meters);
  }

  @Override
  public List<ModelRecord> records(Catalogue catalogue) {
    return catalogue.embedders();
  }

  @Override
  public Embedder open(ServedModel model) {
    return Embedder.load(model, settings.onnx().session(), settings.batchPolicy(), meters);
  }

  @Override
  public ServedModel served(Embedder embedder) {
    return embedder.served();
  }

  @Override
  public List<Batcher<?, ?>> batchers(Embedder embedder) {
    return List.of(embedder.batcher());
  }

  @Override
  public void close(Embedder embedder) {
    embedder.close();
  }

  @Override
  public Optional<String> explain(RuntimeException failure) {
    return failure instanceof SelfTestFailedException test
        ? Optional.ofNullable(test.getMessage())
        : Optional.empty();
  }
}
