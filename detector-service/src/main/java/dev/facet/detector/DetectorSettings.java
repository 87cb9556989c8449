package dev.facet.detector;

import dev.facet.bootstrap.Group;
import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.ServerSettings;
import dev.facet.bootstrap.Setting;
import dev.facet.bootstrap.access.TokenSettings;
import dev.facet.detector.image.DecoderSettings;
import dev.facet.detector.image.ImageLimits;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.serving.RunSettings;
import dev.facet.serving.StoreSettings;
import dev.facet.serving.WatchdogSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All knobs of the detector. */
record DetectorSettings(
    // One connection carries the calls, and so the cancellations, of all callers of a gateway.
    @Group(
            inline = true,
            defaults = {"grpc.port=50052", "admin.port=9465", "grpc.max-stream-resets=100000"})
        ServerSettings server,
    TokenSettings access,
    Models models,
    ImageLimits image,
    DecoderSettings decode,
    Detect detect,
    MtcnnSettings mtcnn,
    RunSettings onnx,
    Batch batch,
    WatchdogSettings watchdog) {

  DetectorSettings {
    access.requireKnownCallers(server);
  }

  /** Which models are served, and where their files are. */
  record Models(
      @Setting(
              value = "yunet",
              doc = "Catalogue names of the detectors to serve; the first is the default")
          List<String> serve,
      @Group(inline = true) StoreSettings files) {

    Models {
      if (serve.isEmpty()) {
        throw new IllegalArgumentException("serve must name at least one detector");
      }
    }
  }

  /** What counts as a face to YuNet where a request does not say. */
  record Detect(
      @Setting(doc = "YuNet's least score of a face, 0 to 1; the model's own when unset")
          Optional<Double> minScore,
      @Setting(value = "0", unit = "pixels", doc = "Least width of a face's box") double minSize,
      @Setting(doc = "Greatest overlap of two faces, 0 to 1; the model's own when unset")
          Optional<Double> maxOverlap,
      @Setting(
              value = "640",
              unit = "pixels",
              doc = "Longer side to which larger pictures are shrunk before detection")
          int maxSide,
      @Setting(
              value =
                  "256x256,320x320,448x448,640x384,384x640,640x480,480x640,640x640,1280x960,960x1280,1280x1280",
              doc =
                  "Sizes that pictures are padded to, each run once before the service is ready; the largest is the limit of a request's max_side")
          List<String> canvases) {

    Detect {
      minScore.ifPresent(score -> fraction("min-score", score));
      maxOverlap.ifPresent(overlap -> fraction("max-overlap", overlap));
      Require.between("max-side", maxSide, 64, 4096);
      if (!(minSize >= 0)) {
        throw new IllegalArgumentException("min-size must not be negative, is " + minSize);
      }
      if (canvases.isEmpty()) {
        throw new IllegalArgumentException("canvases must name at least one size");
      }
    }

    YuNet.Options options(double modelScore, double modelOverlap) {
      return new YuNet.Options(
          minScore.orElse(modelScore).floatValue(),
          (float) minSize,
          maxOverlap.orElse(modelOverlap).floatValue(),
          maxSide);
    }

    private static void fraction(String name, double value) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException("%s must be 0 to 1, is %s".formatted(name, value));
      }
    }
  }

  /** How pictures of different callers share a run. */
  record Batch(
      @Setting(value = "4", unit = "pictures", doc = "Most pictures in one run") int max,
      @Setting(
              value = "0ms",
              doc =
                  "How long an idle runner waits for company, counted from the oldest picture's"
                      + " arrival")
          Duration delay,
      @Setting(
              value = "128",
              unit = "pictures",
              doc = "Most pictures waiting, per priority; more are refused")
          int queue,
      @Setting(value = "1s", doc = "How long bulk pictures give way to interactive ones")
          Duration bulkPatience) {

    Batch {
      Require.between("max", max, 1, 256);
      Require.between("queue", queue, max, 100_000);
    }
  }

  /** How pictures are batched; the networks of a cascade have other sizes. */
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
