package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.models.ModelException;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.ServedModel;
import dev.facet.models.StorePlaces;
import dev.facet.models.graph.Precision;
import dev.facet.models.network.Architecture;
import dev.facet.models.network.FormulaWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The models whose speed is told: those of the catalogue that can be had here, and FaceNet's
 * network with weights of a formula, because speed does not depend on them and its own are 107 MB
 * that not every machine can fetch.
 */
final class MeasuredModels {

  static final String DRAWN = "inception-resnet-v1-drawn";

  private static final List<String> KINDS = List.of("mirror", "upstream", "registry");

  private final Surroundings surroundings;
  private final Path folder;

  MeasuredModels(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.folder = surroundings.fresh("drawn-models");
  }

  /** The model in its served form; empty when no source has it. */
  Optional<ServedModel> served(String name) {
    return served(name, Precision.FP32);
  }

  /** The same in a precision. */
  Optional<ServedModel> served(String name, Precision precision) {
    try {
      if (name.equals(DRAWN)) {
        add();
      }
      return Optional.of(ModelStore.open(places(name)).served(name, precision, Progress.NONE));
    } catch (ModelException e) {
      surroundings.say(name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /** What {@code facet up} is told so that it serves the same. */
  List<String> upOptions(String name) {
    List<String> options = new ArrayList<>(List.of("--embedder", name));
    if (name.equals(DRAWN)) {
      options.addAll(List.of("--catalogue", catalogue().toString(), "--cache", folder.toString()));
    }
    return options;
  }

  /** What a service is told so that it serves them and no others. */
  List<String> settings(String... names) {
    List<String> settings = new ArrayList<>(List.of("models.serve=" + String.join(",", names)));
    if (List.of(names).contains(DRAWN)) {
      settings.addAll(List.of("models.catalogue=" + catalogue(), "models.cache=" + folder));
    }
    return settings;
  }

  private StorePlaces places(String name) {
    Optional<Path> mirror = told("FACET_MODELS_MIRROR");
    return name.equals(DRAWN)
        ? StorePlaces.of(Optional.of(catalogue()), Optional.of(folder), mirror, KINDS)
        : StorePlaces.of(told("FACET_MODELS_CATALOGUE"), told("FACET_MODELS_CACHE"), mirror, KINDS);
  }

  private static Optional<Path> told(String variable) {
    return Optional.ofNullable(System.getenv(variable)).filter(s -> !s.isEmpty()).map(Path::of);
  }

  private Path catalogue() {
    return folder.resolve("catalogue.yaml");
  }

  /** Makes the network a model of a catalogue of its own, as a user would. */
  private void add() {
    if (Files.exists(catalogue())) {
      return;
    }
    Path graph = folder.resolve("inception-resnet-v1.onnx");
    try {
      Files.createDirectories(folder);
      Files.write(
          graph,
          Architecture.INCEPTION_RESNET_V1.build(Architecture.WHOLE, FormulaWeights.onRequest()));
      Path log = surroundings.fresh("add.log");
      ProcessBuilder add =
          new ProcessBuilder(
              Surroundings.java(),
              "--enable-native-access=ALL-UNNAMED",
              "-jar",
              surroundings.jar("cli").toString(),
              "models",
              "add",
              graph.toString(),
              "--yes",
              "--name=" + DRAWN,
              "--size=160x160",
              "--mean=127.5",
              "--deviation=128",
              "--catalogue=" + catalogue(),
              "--cache=" + folder);
      add.redirectErrorStream(true).redirectOutput(log.toFile());
      if (add.start().waitFor() != 0) {
        throw new BenchFailure(BenchFailure.INTERNAL, "facet models add: " + Files.readString(log));
      }
      Files.delete(graph);
    } catch (IOException e) {
      throw BenchFailure.file(graph, e);
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
  }
}
