package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The models that Facet knows, in order of preference.
 *
 * @param models names are unique
 */
public record Catalogue(List<ModelRecord> models) {

  private static final int LARGEST_FILE_BYTES = 1 << 20;

  public Catalogue {
    models = List.copyOf(models);
    Map<String, ModelRecord> byName = new LinkedHashMap<>();
    for (ModelRecord model : models) {
      Rules.require(
          byName.put(model.name(), model) == null, "model names must be unique", model.name());
    }
  }

  /** The catalogue that comes with Facet. */
  public static Catalogue bundled() {
    try (InputStream yaml =
        Objects.requireNonNull(Catalogue.class.getResourceAsStream("catalogue.yaml"))) {
      return CatalogueReader.read(yaml.readAllBytes(), "catalogue.yaml");
    } catch (IOException e) {
      throw new CatalogueException("cannot read the bundled catalogue", e);
    }
  }

  /**
   * Reads a user's catalogue.
   *
   * @throws CatalogueException if the file cannot be read or an entry breaks a rule
   */
  public static Catalogue read(Path file) {
    try (InputStream yaml = Files.newInputStream(file)) {
      byte[] bytes = yaml.readNBytes(LARGEST_FILE_BYTES + 1);
      if (bytes.length > LARGEST_FILE_BYTES) {
        throw new CatalogueException(
            "%s is larger than %d bytes".formatted(file, LARGEST_FILE_BYTES));
      }
      return CatalogueReader.read(bytes, file.toString());
    } catch (IOException e) {
      throw new CatalogueException("cannot read the catalogue " + file, e);
    }
  }

  /** This catalogue with a user's entries in front; where a name is in both, theirs counts. */
  public Catalogue overriddenBy(Catalogue user) {
    Map<String, ModelRecord> merged = new LinkedHashMap<>();
    user.models.forEach(model -> merged.put(model.name(), model));
    models.forEach(model -> merged.putIfAbsent(model.name(), model));
    return new Catalogue(List.copyOf(merged.values()));
  }

  /**
   * The model of that name.
   *
   * @throws UnknownModelException if there is none
   */
  public ModelRecord model(String name) {
    return models.stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new UnknownModelException(name, models.stream().map(ModelRecord::name).toList()));
  }

  /** The embedders, in order of preference. */
  public List<ModelRecord> embedders() {
    return models.stream().filter(model -> model.task() instanceof Task.Embedding).toList();
  }

  /** The detectors, in order of preference. */
  public List<ModelRecord> detectors() {
    return models.stream().filter(model -> model.task() instanceof Task.Detection).toList();
  }
}
