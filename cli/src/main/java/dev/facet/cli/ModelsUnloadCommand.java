package dev.facet.cli;

import dev.facet.proto.type.v1.ModelId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a version of a model out of a running service. */
@Command(
    name = "unload",
    header = "Take a version of a model out of a running detector or embedder.",
    description =
        "Calls that use it end first; it is closed when the command returns. If another version of"
            + " the name is loaded, it takes the name over. The default model stays.")
final class ModelsUnloadCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME[@VERSION]",
      description = "The current version of the name, or the one given.")
  private String name = "";

  @Mixin private final ModelServerOptions server = new ModelServerOptions();

  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    try (ModelServer models = server.connect()) {
      ModelId closed = models.unload(name);
      if (console.json()) {
        console.document(closed);
      } else {
        console.line("closed %s@%s", closed.getName(), closed.getVersion());
      }
      return ExitCode.OK;
    }
  }
}
