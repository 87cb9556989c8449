package dev.facet.embedder;

import dev.facet.bootstrap.Group;
import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.Setting;
import dev.facet.bootstrap.access.TokenSettings;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.serving.RunSettings;
import dev.facet.serving.StoreSettings;
import dev.facet.serving.WatchdogSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** All knobs of the embedder. */
record EmbedderSettings(
    // One connection carries the calls, and so the cancellations, of all callers of a gateway.
    @Group(
            inline = true,
            defaults = {"grpc.port=50053", "admin.port=9466", "grpc.max-stream-resets=100000"})
        ServerSettings server,
    TokenSettings access,
    Models models,
    RunSettings onnx,
    Batch batch,
    WatchdogSettings watchdog) {

  EmbedderSettings {
    access.requireKnownCallers(server);
  }

  /** Which models are served, and where their files are. */
  record Models(
      @Setting(
              value = "edgeface-xs",
              doc = "Catalogue names of the models to serve; the first is the default")
          List<String> serve,
      @Group(inline = true) StoreSettings files) {

    Models {
      if (serve.isEmpty() || serve.size() != Set.copyOf(serve).size()) {
        throw new IllegalArgumentException("serve must name at least one model, each once");
      }
    }
  }

  /** How crops of different callers share a run. */
  record Batch(
      @Setting(value = "16", unit = "crops", doc = "Most crops in one run") int max,
      @Setting(
              value = "0ms",
              doc =
                  "How long an idle runner waits for company, counted from the oldest crop's arrival")
          Duration delay,
      @Setting(
              value = "512",
              unit = "crops",
              doc = "Most crops waiting, per priority; more are refused")
          int queue,
      @Setting(value = "1s", doc = "How long bulk crops give way to interactive ones")
          Duration bulkPatience) {

    Batch {
      Require.between("max", max, 1, 1024);
      Require.between("queue", queue, max, 100_000);
    }
  }

  BatchPolicy batchPolicy() {
    return new BatchPolicy(
        batch.max(),
        batch.delay(),
        batch.queue(),
        onnx.effectiveRunners(),
        batch.bulkPatience(),
        server.drain().grace());
  }
}
