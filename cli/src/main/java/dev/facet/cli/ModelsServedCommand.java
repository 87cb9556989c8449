package dev.facet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the models of a running service. */
@Command(
    name = "served",
    header = "Show the models of a running detector or embedder: state, calls, memory.",
    description =
        "Weights and graphs are sizes of files, exactly. What a load took is how far the whole"
            + " process's memory grew meanwhile, for whatever reason.")
final class ModelsServedCommand implements Callable<Integer> {

  @Mixin private final ModelServerOptions server = new ModelServerOptions();

  @Mixin private final Console console = new Console();

  @Override
  public Integer call() {
    try (ModelServer models = server.connect()) {
      ModelServer.Served served = models.served();
      if (console.json()) {
        console.document(served);
      } else {
        served.models().forEach(model -> console.line("%s", model.line()));
        console.line("the process holds %.1f MB of memory", served.processBytes() / 1e6);
      }
      return ExitCode.OK;
    }
  }
}
