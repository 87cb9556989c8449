package dev.facet.cli;

import dev.facet.inference.onnx.OnnxException;
import dev.facet.models.Catalogue;
import dev.facet.models.Conversion;
import dev.facet.models.ModelException;
import dev.facet.models.ModelFile;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.Task;
import dev.facet.models.UserCatalogue;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.ActivationRange;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.Quantization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes of an embedding model one that computes in eight bits. */
@Command(
    name = "quantize",
    header = "Make a model of the catalogue one that computes in eight bits (int8).",
    description = {
      "Weights become int8 and activations uint8, whose ranges are measured on faces of the photos of"
          + " --photos: a running detector finds and cuts them. A fifth of them is not used for that,"
          + " and tells how far the vectors of the two forms agree.",
      "The new model has a name and a version of its own, as its vectors are not those of the other:"
          + " threshold, crop and licence are the same. It is kept in the cache and written into the"
          + " catalogue of --catalogue, or else the user's own. How many people it tells apart, 'facet"
          + " eval pairs' says; how much faster it is depends on the processor and the network."
    },
    footer = {
      "",
      "Examples:",
      "  facet models quantize mobilefacenet --photos photos",
      "  facet models quantize dlib-resnet --photos photos --at 127.0.0.1:50052 --replace",
      "  facet up --embedder mobilefacenet,mobilefacenet-int8"
    })
final class ModelsQuantizeCommand implements Callable<Integer> {

  private static final int RUNS = 15;

  @Parameters(paramLabel = "NAME", description = "The embedding model, as the catalogue has it.")
  private String source = "";

  @Option(
      names = "--photos",
      required = true,
      paramLabel = "DIR",
      description = "Photos of faces such as will be recognised, in folders of any depth.")
  private Path photos = Path.of("");

  @Option(
      names = "--crops",
      paramLabel = "N",
      defaultValue = "320",
      description = "Photos to take, spread evenly over all (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--at",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:50052",
      description = "The running detector (default: ${DEFAULT-VALUE}).")
  private String detector = "";

  @Mixin private final ModelServiceChannel channel = new ModelServiceChannel();

  @Option(
      names = "--name",
      paramLabel = "NEW",
      description = "Name of the new model (default: NAME-int8).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--ranges",
      paramLabel = "RULE",
      defaultValue = "min-max",
      description =
          "How the range of an activation follows from its values: min-max, percentile (without one"
              + " in 10,000) or least-error (default: ${DEFAULT-VALUE}).")
  private Calibration.Ranges ranges = Calibration.Ranges.MIN_MAX;

  @Option(
      names = "--keep",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Leave the N layers float32 that alone move the vectors most, which is measured (default:"
              + " ${DEFAULT-VALUE}).")
  private int kept;

  @Option(
      names = "--least-cosine",
      paramLabel = "C",
      defaultValue = "0.98",
      description =
          "Refuse the model if the mean cosine of its vectors and those of NAME is less (default:"
              + " ${DEFAULT-VALUE}).")
  private double leastCosine;

  @Option(
      names = "--replace",
      description = "Take the place of the model that has the name already.")
  private boolean replace;

  @Mixin private final ModelStoreOptions options = new ModelStoreOptions();

  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    Arguments.atLeast("--crops", count, CalibrationFaces.FEWEST);
    Arguments.atLeast("--keep", kept, 0);
    ModelStore store = options.store();
    ModelRecord model = embedder(store.catalogue());
    UserCatalogue own = options.ownCatalogue();
    String called = name.orElse(source + "-int8");
    requireFreeName(store.catalogue(), called);
    try {
      byte[] network =
          new Conversion(model).network(ModelStoreOptions.fetch(store, model, console));
      Quantization quantization = Quantization.of(network);
      requireLayers(quantization);
      CalibrationFaces faces =
          CalibrationFaces.find(
              photos, count, detector, channel, ((Task.Embedding) model.task()).crop(), console);
      QuantizedModel result = quantized(model, called, network, quantization, faces, own);
      if (console.json()) {
        console.document(result);
      } else {
        result.say(console, options.catalogueWords(own));
      }
      return ExitCode.OK;
    } catch (GraphException | CheckpointException | OnnxException e) {
      throw new CommandFailure(ExitCode.REFUSED, source + ": " + e.getMessage(), e);
    } catch (ModelException e) {
      throw CommandFailure.model(e);
    } catch (IOException e) {
      throw CommandFailure.file(options.cache(), e);
    }
  }

  private ModelRecord embedder(Catalogue catalogue) {
    ModelRecord model = catalogue.model(source);
    if (!(model.task() instanceof Task.Embedding)) {
      throw new CommandFailure(ExitCode.USAGE, source + " is not an embedding model");
    }
    return model;
  }

  private void requireFreeName(Catalogue catalogue, String called) {
    try {
      ModelRecord.checkedName(called);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.USAGE, "--name: " + e.getMessage(), e);
    }
    boolean taken = catalogue.models().stream().anyMatch(entry -> entry.name().equals(called));
    if (called.equals(source) || (taken && !replace)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "there is a model %s already; %s"
              .formatted(
                  called,
                  called.equals(source)
                      ? "its vectors are others, so --name must be another"
                      : "--replace takes its place, --name another name"));
    }
  }

  private void requireLayers(Quantization quantization) {
    int layers = quantization.layers().size();
    if (layers == 0) {
      throw new CommandFailure(
          ExitCode.REFUSED, source + " has no layer that can be moved to eight bits");
    }
    if (kept >= layers) {
      throw new CommandFailure(
          ExitCode.USAGE, "--keep: %s has %d layers to move".formatted(source, layers));
    }
  }

  private void requireAgreement(Spread cosines) {
    if (!(cosines.mean() >= leastCosine)) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s in eight bits gives other vectors: on held-out faces their mean cosine is %.4f, at least"
                  .formatted(source, cosines.mean())
              + " %.4f is asked for (--least-cosine); --keep leaves the layers float32 that cost most"
                  .formatted(leastCosine));
    }
  }

  private QuantizedModel quantized(
      ModelRecord model,
      String called,
      byte[] network,
      Quantization quantization,
      CalibrationFaces faces,
      UserCatalogue own)
      throws IOException {
    Calibration calibration;
    try (ProgressBar progress = console.progress("calibrating", faces.calibration().size())) {
      calibration = Calibration.run(model, quantization, faces.calibration(), progress);
    }
    Map<String, ActivationRange> measured = calibration.ranges(ranges);
    Set<String> exact =
        Sensitivity.worst(kept, model, network, measured, faces.calibration(), console);
    byte[] moved = quantization.quantized(measured, exact);
    Path file = Files.createTempFile("facet-", ".onnx");
    try (CropNetwork before = CropNetwork.embedder(model, network);
        CropNetwork after = CropNetwork.embedder(model, moved);
        GraphTrial trialBefore = GraphTrial.open(before.file());
        GraphTrial trial = GraphTrial.open(after.file())) {
      Files.write(file, moved);
      trial.check();
      Spread cosines =
          Sensitivity.cosines(before.embed(faces.heldOut()), after.embed(faces.heldOut()));
      requireAgreement(cosines);
      ModelRecord record = record(model, called, file, faces);
      Path copy = options.keep(record, file, own, replace);
      return new QuantizedModel(
          record.name(),
          record.version(),
          model.name() + "@" + model.version(),
          own.file().toString(),
          copy.toString(),
          record.weightsSha256(),
          moved.length,
          network.length,
          quantization.layers().size() - exact.size(),
          List.copyOf(exact),
          faces.calibration().size(),
          faces.heldOut().size(),
          faces.photosWithoutFace(),
          cosines.mean(),
          cosines.min(),
          trial.medianMillis(1, RUNS),
          trialBefore.medianMillis(1, RUNS),
          trial.medianMillis(QuantizedModel.MANY, RUNS),
          trialBefore.medianMillis(QuantizedModel.MANY, RUNS));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Other ranges make another file, and so another version. */
  private static ModelRecord record(
      ModelRecord model, String called, Path file, CalibrationFaces faces) throws IOException {
    ModelFile unnamed = ModelFile.of("int8.onnx", file);
    String version = "%s-int8-%s".formatted(model.version(), unnamed.sha256().substring(0, 8));
    return model.with(
        called,
        version.substring(Math.max(0, version.length() - 64)),
        ModelFile.of(called + ".onnx", file),
        "%s@%s in eight bits, its ranges measured on %d faces. That one: %s"
            .formatted(
                model.name(), model.version(), faces.calibration().size(), model.provenance()));
  }
}
