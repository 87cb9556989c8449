package dev.facet.cli;

import dev.facet.cli.EmbedderWords.Size;
import dev.facet.models.Catalogue;
import dev.facet.models.Conversion;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import dev.facet.models.UserCatalogue;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.GraphOutline;
import dev.facet.models.graph.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an ONNX embedder one of the models that can be served. */
@Command(
    name = "add",
    header = "Make an embedding model of your own servable.",
    description = {
      "The file must have one input, float32 [batch, 3, height, width], and one output. What it does"
          + " not tell is asked, with a default in brackets; where nobody is there to answer, the"
          + " default is taken and said.",
      "The model is run on drawn crops, its file copied into the cache under its SHA-256, and an entry"
          + " written into the catalogue of --catalogue, or else the user's own. Entries there come"
          + " before those of Facet: the model is then what 'facet up' takes first."
    },
    footer = {
      "",
      "Examples:",
      "  facet models add my.onnx",
      "  facet models add my.onnx --yes --name mine --colours bgr --mean 127.5 --deviation 128",
      "  facet models add my.onnx --name mine --version 2 --replace",
      "  facet up --embedder mine"
    })
final class ModelsAddCommand implements Callable<Integer> {

  private static final long LARGEST_FILE_BYTES = 1L << 29;
  private static final int MANY = 8;
  private static final int RUNS = 9;

  @Parameters(paramLabel = "FILE", description = "The ONNX file.")
  private Path file = Path.of("");

  @Mixin private final EmbedderQuestions questions = new EmbedderQuestions();

  @Option(names = "--yes", description = "Ask nothing: options and defaults count.")
  private boolean yes;

  @Option(
      names = "--replace",
      description = "Take the place of the model that has the name already.")
  private boolean replace;

  @Mixin private final ModelStoreOptions options = new ModelStoreOptions();

  @Mixin private final Console console = new Console();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec command;

  private record Added(
      String name,
      String version,
      String catalogue,
      String file,
      String sha256,
      int width,
      int height,
      int dimension,
      double millisAlone,
      double millisOfEight) {}

  @Override
  public Integer call() {
    try {
      requireSize();
      GraphOutline outline = GraphOutline.of(Files.readAllBytes(file));
      PrintWriter err = command.commandLine().getErr();
      ModelRecord model = questions.record(Interview.at(err, !yes), file, outline, this::dimension);
      UserCatalogue own = options.ownCatalogue();
      requireFreeName(own, model);
      Added added = tried(model, own);
      if (console.json()) {
        console.document(added);
      } else {
        say(added, own);
      }
      return ExitCode.OK;
    } catch (GraphException | CheckpointException e) {
      throw new CommandFailure(ExitCode.REFUSED, file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }

  private void requireSize() throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CommandFailure(ExitCode.FILE, file + " is no file");
    }
    if (Files.size(file) > LARGEST_FILE_BYTES) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s has %,d bytes; the most is %,d"
              .formatted(file, Files.size(file), LARGEST_FILE_BYTES));
    }
  }

  private void requireFreeName(UserCatalogue own, ModelRecord model) {
    boolean taken =
        new Catalogue(own.models())
            .models().stream().anyMatch(entry -> entry.name().equals(model.name()));
    boolean bundled =
        Catalogue.bundled().models().stream().anyMatch(entry -> entry.name().equals(model.name()));
    if ((taken || bundled) && !replace) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is a model %s already%s; --replace takes its place, --name another name"
              .formatted(model.name(), taken ? " in " + own.file() : ""));
    }
  }

  private int dimension(Size size) {
    try (GraphTrial trial = GraphTrial.open(file)) {
      return trial.numbersOfOnePicture(size.width(), size.height());
    }
  }

  /** Adds the model once it was seen to run; until then nothing is written. */
  private Added tried(ModelRecord model, UserCatalogue own) throws IOException {
    byte[] served =
        Objects.requireNonNull(
            new Conversion(model).graphs(List.of(file), Precision.FP32).get(ServedModel.WHOLE));
    Path graph = Files.createTempFile("facet-", ".onnx");
    try {
      Files.write(graph, served);
      try (GraphTrial trial = GraphTrial.open(graph)) {
        trial.check();
        double alone = trial.medianMillis(1, RUNS);
        double many = trial.medianMillis(MANY, RUNS);
        return add(model, own, alone, many);
      }
    } finally {
      Files.delete(graph);
    }
  }

  private Added add(ModelRecord model, UserCatalogue own, double alone, double many) {
    Path kept = options.keep(model, file, own, replace);
    Task.Embedding task = (Task.Embedding) model.task();
    return new Added(
        model.name(),
        model.version(),
        own.file().toString(),
        kept.toString(),
        model.weightsSha256(),
        task.crop().width(),
        task.crop().height(),
        task.dimension(),
        alone,
        many);
  }

  private void say(Added added, UserCatalogue own) {
    console.line("added %s@%s to %s", added.name, added.version, added.catalogue);
    console.line("kept as %s", added.file);
    console.line(
        "crops of %dx%d give unit vectors of %d numbers, alone as in a batch",
        added.width, added.height, added.dimension);
    console.line(
        "%.1f ms for one crop, %.1f ms for %d (medians of %d runs, one thread)",
        added.millisAlone, added.millisOfEight, MANY, RUNS);
    console.line("use it: facet up --embedder %s%s", added.name, options.catalogueWords(own));
  }
}
