package dev.facet.cli;

import dev.facet.models.ModelException;
import dev.facet.models.ModelRecord;
import dev.facet.models.ModelStore;
import dev.facet.models.ModelStore.Presence;
import dev.facet.models.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists, fetches, checks, converts and adds models. */
@Command(
    name = "models",
    header =
        "List, fetch, check, convert, add, quantise and freeze models; see and change what is served.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ModelsBundleCommand.class,
      ModelsConvertCommand.class,
      ModelsAddCommand.class,
      ModelsQuantizeCommand.class,
      ModelsServedCommand.class,
      ModelsLoadCommand.class,
      ModelsUnloadCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  facet models list",
      "  facet models pull yunet edgeface-xs --mirror /media/stick/models",
      "  facet models bundle /media/stick/models",
      "  facet models add my.onnx --name mine --licence MIT",
      "  facet models convert pnet.pt rnet.pt onet.pt --as mtcnn --out graphs",
      "  facet models quantize mobilefacenet --photos photos",
      "  facet models load edgeface-xs --at 127.0.0.1:50053 --keep-previous"
    })
final class ModelsCommand {

  private record Listed(
      String name,
      String task,
      String version,
      String licence,
      String attribution,
      long bytes,
      boolean bytesAreExact,
      String sha256,
      List<String> sources,
      String presence) {

    static Listed of(ModelRecord model, Presence presence) {
      String task =
          switch (model.task()) {
            case Task.Detection _ -> "detector";
            case Task.Embedding _ -> "embedder";
          };
      return new Listed(
          model.name(),
          task,
          model.version(),
          model.licence().spdx(),
          model.licence().attribution(),
          model.bytes(),
          model.exactBytes().isPresent(),
          model.weightsSha256(),
          model.files().stream()
              .flatMap(file -> file.sources().stream())
              .map(source -> source.kind().name().toLowerCase(Locale.ROOT))
              .distinct()
              .toList(),
          presence.name().toLowerCase(Locale.ROOT));
    }

    String line() {
      String size = "%s%.1f MB".formatted(bytesAreExact ? "" : "up to ", bytes / 1e6);
      return "%-19s %-9s %-16s %-15s %14s  %-8s from %s"
          .formatted(name, task, version, licence, size, presence, String.join(", ", sources));
    }
  }

  private record Models(String cache, List<Listed> models) {}

  private record Pulled(String name, boolean pulled, String folderOrReason) {}

  @Command(
      name = "list",
      header =
          "List the models: task, version, licence of the weights, size, whether on this disk, sources.",
      description = "With --json also whom the licence asks to name.")
  int list(@Mixin ModelStoreOptions options, @Mixin Console console) {
    show(options, console, listed(options.store(), null));
    return ExitCode.OK;
  }

  @Command(
      name = "pull",
      header = "Fetch models, or continue fetching them.",
      description =
          "A file counts only when its SHA-256 is the catalogue's. Exit code 1 when one"
              + " cannot be had.")
  int pull(
      @Parameters(
              arity = "0..*",
              paramLabel = "NAME",
              description = "Models; all when none is named.")
          @Nullable List<String> names,
      @Mixin ModelStoreOptions options,
      @Mixin Console console) {
    ModelStore store = options.store();
    List<Pulled> pulled = new ArrayList<>();
    for (ModelRecord model : named(store, names)) {
      try {
        String folder =
            String.valueOf(ModelStoreOptions.fetch(store, model, console).getFirst().getParent());
        pulled.add(new Pulled(model.name(), true, folder));
        if (!console.json()) {
          console.line("%-16s %s", model.name(), folder);
        }
      } catch (ModelException e) {
        pulled.add(new Pulled(model.name(), false, String.valueOf(e.getMessage())));
        console.note("%s", String.valueOf(e.getMessage()));
      }
    }
    if (console.json()) {
      console.document(Map.of("models", pulled));
    }
    return pulled.stream().allMatch(Pulled::pulled) ? ExitCode.OK : ExitCode.NEGATIVE;
  }

  @Command(
      name = "verify",
      header = "Compare the files on this disk with the catalogue's SHA-256.",
      description = "Exit code 1 when one is damaged, or is named and absent.")
  int verify(
      @Parameters(
              arity = "0..*",
              paramLabel = "NAME",
              description = "Models; all when none is named.")
          @Nullable List<String> names,
      @Mixin ModelStoreOptions options,
      @Mixin Console console) {
    List<Listed> models = listed(options.store(), names);
    show(options, console, models);
    boolean damaged = models.stream().anyMatch(model -> model.presence.equals("damaged"));
    boolean missed =
        names != null && models.stream().anyMatch(model -> model.presence.equals("absent"));
    return damaged || missed ? ExitCode.NEGATIVE : ExitCode.OK;
  }

  private static void show(ModelStoreOptions options, Console console, List<Listed> models) {
    if (console.json()) {
      console.document(new Models(options.cache().toString(), models));
    } else {
      models.forEach(model -> console.line("%s", model.line()));
      console.line("kept in %s", options.cache());
    }
  }

  private static List<Listed> listed(ModelStore store, @Nullable List<String> names) {
    return named(store, names).stream()
        .map(model -> Listed.of(model, store.verify(model.name())))
        .toList();
  }

  private static List<ModelRecord> named(ModelStore store, @Nullable List<String> names) {
    return names == null
        ? store.catalogue().models()
        : names.stream().map(store.catalogue()::model).toList();
  }
}
