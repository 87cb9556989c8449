package dev.facet.embedder;

import dev.facet.bootstrap.Settings;
import dev.facet.serving.ModelsInService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Writes the vectors that the self-test compares with, for every model of the settings: a program
 * for the day a model joins the catalogue. Arguments: the folder, then settings.
 */
final class WriteGoldenVectors {
  private WriteGoldenVectors() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    String[] rest = List.of(args).subList(1, args.length).toArray(String[]::new);
    EmbedderSettings settings = Settings.load(EmbedderSettings.class, rest);
    try (ModelsInService<Embedder> embedders =
        Embedders.load(settings, new SimpleMeterRegistry())) {
      for (String name : settings.models().serve()) {
        Embedder embedder = embedders.lease(name).model();
        StringBuilder text = new StringBuilder("# Drawn crops 0 and 1 through " + embedder.name());
        for (int variant = 0; variant < SelfTest.GOLDEN_CROPS; variant++) {
          byte[] crop = GoldenCrop.draw(variant, embedder.cropWidth(), embedder.cropHeight());
          text.append('\n');
          for (float value : embedder.embedNow(List.of(crop)).getFirst()) {
            text.append(String.format(Locale.ROOT, "%.6f ", value));
          }
        }
        Path file = folder.resolve(SelfTest.fileName(embedder.id()));
        Files.writeString(file, text.append('\n').toString());
      }
    }
  }
}
