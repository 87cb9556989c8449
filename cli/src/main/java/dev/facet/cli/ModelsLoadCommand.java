package dev.facet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a version of a model into a running service. */
@Command(
    name = "load",
    header = "Bring a model, or a new version of it, into a running detector or embedder.",
    description =
        "It is fetched, checked, opened and tested beside the version that has the name, which is"
            + " then switched; no call fails. What cannot be loaded changes nothing.")
final class ModelsLoadCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME[@VERSION]",
      description = "Name in the service's catalogue, which is read again for this.")
  private String name = "";

  @Option(
      names = "--keep-previous",
      description =
          "Keep the version that had the name, as NAME@VERSION: collections bound to it go on.")
  private boolean keepPrevious;

  @Option(
      names = "--default",
      description = "Give this model to requests that name none, from now on.")
  private boolean makeDefault;

  @Mixin private final ModelServerOptions server = new ModelServerOptions();

  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    try (ModelServer models = server.connect()) {
      ServedVersion loaded = models.load(name, keepPrevious, makeDefault);
      if (console.json()) {
        console.document(loaded);
      } else {
        console.line("%s", loaded.line());
      }
      return ExitCode.OK;
    }
  }
}
