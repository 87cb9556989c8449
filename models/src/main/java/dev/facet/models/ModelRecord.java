package dev.facet.models;

import dev.facet.models.graph.Normalisation;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One entry of the catalogue.
 *
 * @param name what operators call the model
 * @param version changes with the file; the date of the pinned upstream commit here
 * @param file the file's name, in a mirror and in the cache
 * @param sha256 of the file, 64 lower-case hexadecimal digits
 * @param bytes the file's exact size
 * @param provenance where the file comes from, and how it was made if upstream does not publish it
 * @param sources in order of preference
 */
public record ModelRecord(
    String name,
    String version,
    String file,
    String sha256,
    long bytes,
    Licence licence,
    String provenance,
    List<Source> sources,
    Pixels pixels,
    Task task) {

  static final long LARGEST_FILE_BYTES = 1L << 29;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  public ModelRecord {
    Rules.require(NAME.matcher(name).matches(), "name must match " + NAME.pattern(), name);
    Rules.require(
        VERSION.matcher(version).matches(), "version must match " + VERSION.pattern(), version);
    Rules.requireFileName("file", file);
    Rules.require(
        SHA_256.matcher(sha256).matches(),
        "sha256 must be 64 lower-case hexadecimal digits",
        sha256);
    Rules.require(
        bytes > 0 && bytes <= LARGEST_FILE_BYTES,
        "bytes must be 1 to " + LARGEST_FILE_BYTES,
        bytes);
    Rules.require(!provenance.isBlank(), "provenance must be given", provenance);
    Rules.require(!sources.isEmpty(), "sources must name at least one", sources);
    sources = List.copyOf(sources);
  }

  /** The identity of the vectors (or faces) that this model gives. */
  public ModelId id() {
    return new ModelId(name, version, sha256, preprocessingSha256());
  }

  /**
   * SHA-256 over what happens to a picture before the weights see it, in a fixed notation: for a
   * vector it is as much part of the model as the weights are.
   */
  private String preprocessingSha256() {
    String crop = task instanceof Task.Embedding embedding ? notation(embedding.crop()) : "none";
    return Sha256.of(
        "facet-preprocessing-1\norder %s\n%s\ncrop %s\n"
            .formatted(pixels.order(), notation(pixels.normalisation()), crop));
  }

  private static String notation(Normalisation normalisation) {
    return switch (normalisation) {
      case PixelScale scale -> "mean %s\ndeviation %s".formatted(scale.mean(), scale.deviation());
      case Standardisation.PER_IMAGE -> "standardise per-image";
    };
  }

  private static String notation(CropGeometry crop) {
    String alignment =
        switch (crop.alignment()) {
          case Alignment.Template template ->
              "template " + template.points().map(p -> p.x() + "," + p.y()).toList();
          case Alignment.BoxMargin margin -> notation(margin);
        };
    return crop.width() + "x" + crop.height() + " " + alignment;
  }

  /** What is as it is by default is not written, as it was before there was a choice. */
  private static String notation(Alignment.BoxMargin margin) {
    StringBuilder text = new StringBuilder("box-margin ").append(margin.fraction());
    if (margin.shape() != Alignment.Shape.AS_FOUND) {
      text.append(" shape ").append(margin.shape());
    }
    if (margin.shiftDown() != 0) {
      text.append(" shift-down ").append(margin.shiftDown());
    }
    if (margin.outside() != Alignment.Outside.BLACK) {
      text.append(" outside ").append(margin.outside());
    }
    return text.toString();
  }
}
