package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The terms of a model's weights, kept beside them as the licences ask. */
final class Licences {

  static final String FILE = "LICENCE.txt";

  private Licences() {}

  /** Writes who made the weights, where they come from, and the licence's text if it is known. */
  static void write(ModelRecord model, Path directory) throws IOException {
    Files.writeString(directory.resolve(FILE), text(model));
  }

  static String text(ModelRecord model) throws IOException {
    Licence licence = model.licence();
    String heading =
        """
        Weights of the model %s, version %s
        Licence: %s
        %s

        %s
        """
            .formatted(
                model.name(),
                model.version(),
                licence.spdx(),
                licence.attribution(),
                model.provenance());
    try (InputStream text =
        Licences.class.getResourceAsStream("licences/" + licence.spdx() + ".txt")) {
      return text == null
          ? heading
          : heading + "\n" + new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
