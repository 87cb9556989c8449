package dev.facet.embedder;

import dev.facet.bootstrap.Exposure;
import dev.facet.bootstrap.Group;
import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.Setting;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.StorePlaces;
import dev.facet.models.graph.Precision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All knobs of the embedder. */
record EmbedderSettings(
    @Group(
            inline = true,
            defaults = {"grpc.port=50053", "admin.port=9466"})
        ServerSettings server,
    Models models,
    Onnx onnx,
    Batch batch) {

  /** Which models are served, and where their files are. */
  record Models(
      @Setting(
              value = "edgeface-xs",
              doc = "Catalogue names of the models to serve; the first is the default")
          List<String> serve,
      @Setting(doc = "Folder of model files and their served forms; the user's cache when unset")
          Optional<Path> cache,
      @Setting(doc = "Folder with copies of the published files, asked before the network")
          Optional<Path> mirror,
      @Setting(
              value = "mirror,upstream,registry",
              doc =
                  "Kinds of sources asked for files that are not cached: mirror, upstream (https),"
                      + " registry (pip and npm)")
          List<String> sources,
      @Setting(
              doc =
                  "A catalogue file whose entries are added to the bundled ones; the user's own when"
                      + " unset")
          Optional<Path> catalogue,
      @Setting(
              value = "loopback",
              doc =
                  "Whether models are loaded and unloaded on call: always, never, or on a loopback"
                      + " address only")
          Exposure hotLoad) {

    Models {
      if (serve.isEmpty() || serve.size() != Set.copyOf(serve).size()) {
        throw new IllegalArgumentException("serve must name at least one model, each once");
      }
      StorePlaces.kinds(sources);
    }

    StorePlaces places() {
      return StorePlaces.of(catalogue, cache, mirror, sources);
    }
  }

  /** How a model is run. */
  record Onnx(
      @Setting(
              value = "cpu",
              doc = "Execution provider: cpu or cuda; cuda refuses to start without it")
          ExecutionProvider provider,
      @Setting(value = "0", doc = "GPU to use with cuda") int device,
      @Setting(
              value = "fp32",
              doc =
                  "Numbers that the models compute with: fp32 or fp16; fp16 halves their memory and"
                      + " is meant for cuda, a processor is a hundred times slower with it")
          Precision precision,
      @Setting(
              value = "0",
              doc =
                  "Model runs at the same time, one thread each; 0 is one per processor on cpu, two on cuda")
          int runners) {

    Onnx {
      Require.between("device", device, 0, 1024);
      Require.between("runners", runners, 0, 1024);
    }

    OnnxSettings settings() {
      return new OnnxSettings(provider, device, 1);
    }

    int effectiveRunners() {
      if (runners > 0) {
        return runners;
      }
      return provider == ExecutionProvider.CUDA ? 2 : Runtime.getRuntime().availableProcessors();
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
