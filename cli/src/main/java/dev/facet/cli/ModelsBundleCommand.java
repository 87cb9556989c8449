package dev.facet.cli;

import dev.facet.models.Bundle;
import dev.facet.models.ModelException;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.ModelUnavailableException;
import dev.facet.models.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Freezes models in a folder that serves as a mirror. */
@Command(
    name = "bundle",
    header = "Copy models into a folder, for machines that reach nothing.",
    description =
        "The folder is a mirror: files under the catalogue's names, SHA256SUMS, licences, and a"
            + " catalogue of the models that do not come with Facet. A model that is named and"
            + " cannot be had ends the command; with none named, what can be had is taken.")
final class ModelsBundleCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder; made when needed.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path folder;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "NAME",
      description = "Models; all that can be had when none is named.")
  private @Nullable List<String> names;

  @Mixin private final ModelStoreOptions options = new ModelStoreOptions();

  @Mixin private final Console console = new Console();

  private record LeftOut(String name, String reason) {}

  private record Answer(
      String folder,
      List<String> models,
      List<String> files,
      @Nullable String catalogue,
      List<LeftOut> leftOut) {}

  @Override
  public Integer call() {
    ModelStore store = options.store();
    List<LeftOut> leftOut = new ArrayList<>();
    List<String> taken = names == null ? toBeHad(store, leftOut) : names;
    leftOut.forEach(one -> console.note("left out %s: %s", one.name, one.reason));
    if (taken.isEmpty()) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "no model can be had; nothing was written");
    }
    Bundle.Frozen frozen = new Bundle(store, folder).freeze(taken, Progress.NONE);
    Answer answer =
        new Answer(
            folder.toString(),
            taken,
            frozen.files().stream().map(file -> file.getFileName().toString()).toList(),
            frozen.catalogue().map(Path::toString).orElse(null),
            leftOut);
    if (console.json()) {
      console.document(answer);
    } else {
      say(answer);
    }
    return ExitCode.OK;
  }

  private List<String> toBeHad(ModelStore store, List<LeftOut> leftOut) {
    List<String> taken = new ArrayList<>();
    for (ModelRecord model : store.catalogue().models()) {
      try {
        ModelStoreOptions.fetch(store, model, console);
        taken.add(model.name());
      } catch (ModelUnavailableException e) {
        leftOut.add(new LeftOut(model.name(), ModelsMissing.tried(e)));
      } catch (ModelException e) {
        leftOut.add(new LeftOut(model.name(), String.valueOf(e.getMessage())));
      }
    }
    return taken;
  }

  private void say(Answer answer) {
    console.line("%s holds %s", answer.folder, String.join(", ", answer.models));
    console.line("elsewhere: FACET_MODELS_MIRROR=%s facet up", answer.folder);
    if (answer.catalogue != null) {
      console.line("with its own models: FACET_MODELS_CATALOGUE=%s", answer.catalogue);
    }
  }
}
