package dev.facet.models;

import dev.facet.models.graph.Normalisation;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import dev.facet.models.network.Architecture;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One entry of the catalogue.
 *
 * @param name what operators call the model
 * @param version changes with the files; the date of the pinned upstream commit here
 * @param architecture the network that the files hold the weights of, or {@code onnx} for a file
 *     that is a graph already
 * @param files in the order in which the architecture takes them
 * @param provenance where the files come from, and how they were made if upstream does not publish
 *     them
 */
public record ModelRecord(
    String name,
    String version,
    String architecture,
    List<ModelFile> files,
    Licence licence,
    String provenance,
    Pixels pixels,
    Task task) {

  /** The architecture of a file that is a graph already. */
  public static final String ONNX = "onnx";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  public ModelRecord {
    checkedName(name);
    Rules.require(
        VERSION.matcher(version).matches(), "version must match " + VERSION.pattern(), version);
    Rules.require(!provenance.isBlank(), "provenance must be given", provenance);
    Rules.require(!files.isEmpty(), "files must name at least one", files);
    Rules.require(
        files.stream().map(ModelFile::file).distinct().count() == files.size(),
        "files must have different names",
        files.stream().map(ModelFile::file).toList());
    int needed = filesNeeded(architecture);
    Rules.require(
        needed == 0 || files.size() == needed,
        "files of architecture %s must be %d".formatted(architecture, needed),
        files.size());
    files = List.copyOf(files);
  }

  /**
   * The same name, if a model can have it.
   *
   * @throws IllegalArgumentException otherwise
   */
  public static String checkedName(String name) {
    Rules.require(NAME.matcher(name).matches(), "name must match " + NAME.pattern(), name);
    return name;
  }

  /** One for a graph, one for each part of a cascade, any number for weights of one network. */
  private static int filesNeeded(String architecture) {
    if (architecture.equals(ONNX)) {
      return 1;
    }
    int parts = Architecture.named(architecture).parts().size();
    return parts == 1 ? 0 : parts;
  }

  /**
   * The same model with the graph of another file for its weights: what happens to a picture before
   * it, threshold and licence stay.
   *
   * @throws IllegalArgumentException if name, version or file name are none
   */
  public ModelRecord with(String name, String version, ModelFile graph, String provenance) {
    return new ModelRecord(name, version, ONNX, List.of(graph), licence, provenance, pixels, task);
  }

  /** The identity of the vectors (or faces) that this model gives. */
  public ModelId id() {
    return new ModelId(name, version, weightsSha256(), preprocessingSha256());
  }

  /** SHA-256 of the file, or of the list of their checksums where there are several. */
  public String weightsSha256() {
    if (files.size() == 1) {
      return files.getFirst().sha256();
    }
    return Sha256.of(
        files.stream()
            .map(file -> file.sha256() + "  " + file.file() + "\n")
            .collect(Collectors.joining("", "facet-weights-1\n", "")));
  }

  /** The most that all files together can have. */
  public long bytes() {
    return files.stream().mapToLong(file -> file.bytes().most()).sum();
  }

  /** What all files together have, where the catalogue knows it to the byte. */
  public OptionalLong exactBytes() {
    return files.stream().allMatch(file -> file.bytes().exact())
        ? OptionalLong.of(bytes())
        : OptionalLong.empty();
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
