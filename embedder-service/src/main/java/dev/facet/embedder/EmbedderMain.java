package dev.facet.embedder;

import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.Watchdog;

/** The embedder: crops in, unit vectors out. */
public final class EmbedderMain {
  private EmbedderMain() {}

  public static void main(String[] args) {
    if (Settings.help(EmbedderSettings.class, args)) {
      return;
    }
    EmbedderSettings settings = Settings.load(EmbedderSettings.class, args);
    try (ServiceHost host = ServiceHost.open("embedder", settings.server(), settings.access());
        ModelsInService<Embedder> embedders = Embedders.load(settings, host.meters());
        Watchdog _ = Watchdog.start(settings.watchdog(), embedders::batchers, host)) {
      host.serve(EmbedderErrors.TABLE, new EmbedderService(embedders, EmbedderErrors.TABLE));
      host.awaitTermination();
    }
  }
}
