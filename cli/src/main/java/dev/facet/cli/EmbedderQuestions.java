package dev.facet.cli;

import dev.facet.cli.EmbedderWords.Size;
import dev.facet.models.CropGeometry;
import dev.facet.models.Licence;
import dev.facet.models.ModelFile;
import dev.facet.models.ModelRecord;
import dev.facet.models.Pixels;
import dev.facet.models.Task;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.GraphOutline;
import dev.facet.models.graph.Normalisation;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Standardisation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Option;

/** What a catalogue entry of an embedder says and its ONNX file may not. */
final class EmbedderQuestions {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call the model (default: after the file).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "Changes whenever the file does (default: 1).")
  private Optional<String> version = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "WxH",
      description = "Of the crops, in pixels (default: the file's, or else 112x112).")
  private Optional<String> size = Optional.empty();

  @Option(
      names = "--colours",
      paramLabel = "rgb|bgr",
      description = "Order in which the model takes them (default: rgb).")
  private Optional<String> colours = Optional.empty();

  @Option(
      names = "--mean",
      paramLabel = "M|R,G,B",
      description =
          "Subtracted from pixels of 0 to 255 (default: 127.5, or 0 where the file normalises).")
  private Optional<String> mean = Optional.empty();

  @Option(
      names = "--deviation",
      paramLabel = "D|R,G,B",
      description = "What they are divided by then (default: 127.5, or 1 where the file does).")
  private Optional<String> deviation = Optional.empty();

  @Option(
      names = "--standardise",
      description = "Instead of both: each crop by its own mean and deviation.")
  private boolean standardise;

  @Option(
      names = "--align",
      paramLabel = "HOW",
      description =
          "How faces come into the crop: arcface or dlib, templates of five points scaled to the"
              + " crop, or box=FRACTION, the face's box enlarged on each side (default: arcface).")
  private Optional<String> align = Optional.empty();

  @Option(
      names = "--threshold",
      paramLabel = "D",
      description =
          "Greatest squared L2 distance of one person's vectors, 0 to 4 (default: 1.1, a guess that"
              + " 'facet eval identify' replaces).")
  private Optional<String> threshold = Optional.empty();

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      description = "Licence of the weights (default: NOASSERTION).")
  private Optional<String> licence = Optional.empty();

  @Option(
      names = "--attribution",
      paramLabel = "TEXT",
      description = "Whom it asks to name (default: not stated).")
  private Optional<String> attribution = Optional.empty();

  /**
   * The catalogue entry of a file.
   *
   * @param measure finds the dimension of the vectors for a size of crops, where the file does not
   *     declare it
   * @throws CommandFailure if an option makes no sense
   * @throws IOException if the file cannot be read
   */
  ModelRecord record(
      Interview interview, Path file, GraphOutline outline, ToIntFunction<Size> measure)
      throws IOException {
    String called = interview.ask("name", "--name", name, nameOf(file), ModelRecord::checkedName);
    String numbered = interview.ask("version", "--version", version, "1", Function.identity());
    Size crop = size(interview, outline);
    ColourOrder order =
        interview.ask(
            "colour order, rgb or bgr", "--colours", colours, "rgb", EmbedderWords::colours);
    Normalisation normalisation = normalisation(interview, outline);
    CropGeometry geometry =
        interview.ask(
            "alignment, arcface, dlib or box=FRACTION",
            "--align",
            align,
            "arcface",
            text -> EmbedderWords.crop(text, crop));
    int dimension = outline.dimension().orElseGet(() -> measure.applyAsInt(crop));
    Task task =
        interview.ask(
            "greatest squared distance of one person's vectors",
            "--threshold",
            threshold,
            "1.1",
            text -> new Task.Embedding(dimension, EmbedderWords.number(text), geometry));
    Licence terms = licence(interview);
    try {
      return new ModelRecord(
          called,
          numbered,
          ModelRecord.ONNX,
          List.of(ModelFile.of("%s-%s.onnx".formatted(called, numbered), file)),
          terms,
          "Added from %s on this machine.".formatted(file.getFileName()),
          new Pixels(order, normalisation),
          task);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private Size size(Interview interview, GraphOutline outline) {
    if (outline.width().isPresent() && outline.height().isPresent()) {
      Size own = new Size(outline.width().getAsInt(), outline.height().getAsInt());
      if (size.isPresent() && !EmbedderWords.size(size.get()).equals(own)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--size: the file fixes %dx%d, not %s"
                .formatted(own.width(), own.height(), size.get()));
      }
      return own;
    }
    return interview.ask("size of a crop", "--size", size, "112x112", EmbedderWords::size);
  }

  private Normalisation normalisation(Interview interview, GraphOutline outline) {
    if (standardise && (mean.isPresent() || deviation.isPresent())) {
      throw new CommandFailure(
          ExitCode.USAGE, "--standardise leaves no choice of --mean and --deviation");
    }
    boolean scaled = mean.isPresent() || deviation.isPresent();
    if (standardise
        || (!scaled
            && interview.ask(
                "standardise each crop by its own mean and deviation",
                "--standardise",
                Optional.empty(),
                "no",
                EmbedderWords::agreed))) {
      return Standardisation.PER_IMAGE;
    }
    List<Double> subtracted =
        interview.ask(
            "mean to subtract",
            "--mean",
            mean,
            outline.normalises() ? "0" : "127.5",
            EmbedderWords::channels);
    return interview.ask(
        "deviation to divide by",
        "--deviation",
        deviation,
        outline.normalises() ? "1" : "127.5",
        text -> new PixelScale(subtracted, EmbedderWords.channels(text)));
  }

  private Licence licence(Interview interview) {
    String spdx =
        interview.ask(
            "licence of the weights (SPDX)",
            "--licence",
            licence,
            "NOASSERTION",
            text -> new Licence(text, "somebody").spdx());
    return interview.ask(
        "whom to name",
        "--attribution",
        attribution,
        "not stated",
        text -> new Licence(spdx, text));
  }

  private static String nameOf(Path file) {
    String stem =
        file.getFileName()
            .toString()
            .toLowerCase(Locale.ROOT)
            .replaceFirst("\\.onnx$", "")
            .replaceAll("[^a-z0-9._-]", "-")
            .replaceFirst("^[^a-z0-9]+", "");
    return stem.isEmpty() ? "model" : stem.substring(0, Math.min(stem.length(), 64));
  }
}
