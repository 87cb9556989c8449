package dev.facet.cli;

import dev.facet.models.Catalogue;
import dev.facet.models.Conversion;
import dev.facet.models.ModelRecord;
import dev.facet.models.ServedModel;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns files of weights into the graphs that the services run. */
@Command(
    name = "convert",
    header = "Turn a checkpoint into the ONNX files that the services run.",
    description =
        "Reads PyTorch checkpoints (zip and legacy), TensorFlow.js manifests with their shards, Keras"
            + " weights (HDF5) and ONNX; nothing that a file says is run. Preprocessing is that of"
            + " the catalogue's model of that network. Each graph is run before it is written.",
    footer = {
      "",
      "Examples:",
      "  facet models convert pnet.pt rnet.pt onet.pt --as mtcnn --out graphs",
      "  facet models convert edgeface_xs_q.pt --as edgeface-xs --precision both"
    })
final class ModelsConvertCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "A checkpoint, or one for each part; of TensorFlow.js the manifest first.")
  private List<Path> files = List.of();

  @Option(
      names = "--as",
      required = true,
      paramLabel = "ARCH",
      completionCandidates = Architectures.class,
      description = "What the files are: one of ${COMPLETION-CANDIDATES}.")
  private String architecture = "";

  @Option(
      names = "--like",
      paramLabel = "NAME",
      description =
          "Model of the catalogue whose preprocessing counts (default: the first of that network; of"
              + " onnx the one that has this very file).")
  private Optional<String> like = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where the graphs are written; made when needed (default: here).")
  private Path out = Path.of("");

  @Option(
      names = "--precision",
      paramLabel = "fp32|fp16|both",
      defaultValue = "fp32",
      description = "What the graphs compute with (default: ${DEFAULT-VALUE}).")
  private Precisions precisions = Precisions.FP32;

  @Mixin private final Console console = new Console();

  /** The words for {@code --as}. */
  static final class Architectures implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Conversion.architectures().iterator();
    }
  }

  private enum Precisions {
    FP32,
    FP16,
    BOTH;

    private List<Precision> each() {
      return switch (this) {
        case FP32 -> List.of(Precision.FP32);
        case FP16 -> List.of(Precision.FP16);
        case BOTH -> List.of(Precision.FP32, Precision.FP16);
      };
    }
  }

  private record Graph(
      String part,
      String precision,
      String file,
      long bytes,
      List<String> inputs,
      List<String> outputs) {}

  @Override
  public Integer call() {
    List<Graph> graphs = new ArrayList<>();
    try {
      requireThere();
      Conversion conversion = conversion();
      Files.createDirectories(out);
      for (Precision precision : precisions.each()) {
        for (Map.Entry<String, byte[]> part : conversion.graphs(files, precision).entrySet()) {
          graphs.add(write(conversion.record(), part.getKey(), precision, part.getValue()));
        }
      }
    } catch (CheckpointException | GraphException e) {
      throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw CommandFailure.file(Path.of(e.getFile()), e);
    } catch (IOException e) {
      throw CommandFailure.file(out, e);
    }
    if (console.json()) {
      console.document(Map.of("graphs", graphs));
    }
    return ExitCode.OK;
  }

  private void requireThere() throws NoSuchFileException {
    for (Path file : files) {
      if (!Files.exists(file)) {
        throw new NoSuchFileException(file.toString());
      }
    }
  }

  private Conversion conversion() throws IOException {
    Catalogue catalogue = Catalogue.bundled();
    try {
      if (like.isEmpty()) {
        return Conversion.of(catalogue, architecture, files);
      }
      ModelRecord model = catalogue.model(like.get());
      if (!model.architecture().equals(architecture)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "--like: %s is %s, not %s".formatted(model.name(), model.architecture(), architecture));
      }
      return new Conversion(model);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--as: " + e.getMessage(), e);
    }
  }

  /** Under its name only when it was seen to run. */
  private Graph write(ModelRecord model, String part, Precision precision, byte[] bytes)
      throws IOException {
    Path file = out.resolve(fileName(model, part, precision));
    Path unseen = Files.write(file.resolveSibling(file.getFileName() + ".part"), bytes);
    try (GraphTrial trial = GraphTrial.open(unseen)) {
      trial.check();
      Graph graph =
          new Graph(
              part,
              precision.lowerName(),
              file.toString(),
              bytes.length,
              trial.inputs(),
              trial.outputs());
      Files.move(unseen, file, StandardCopyOption.REPLACE_EXISTING);
      if (!console.json()) {
        say(graph);
      }
      return graph;
    } finally {
      Files.deleteIfExists(unseen);
    }
  }

  private void say(Graph graph) {
    console.line(
        "%-6s %s %8.2f MB  %s", graph.part, graph.precision, graph.bytes / 1e6, graph.file);
    console.line("       takes %s", String.join(", ", graph.inputs));
    console.line("       gives %s", String.join(", ", graph.outputs));
    console.line("       the same for one picture alone and among three");
  }

  private static String fileName(ModelRecord model, String part, Precision precision) {
    return "%s%s%s.served.onnx"
        .formatted(
            model.architecture().equals(ModelRecord.ONNX) ? model.name() : model.architecture(),
            part.equals(ServedModel.WHOLE) ? "" : "-" + part,
            precision == Precision.FP32 ? "" : "-" + precision.lowerName());
  }
}
