package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.FaceDetector.Detection;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.Priority;
import dev.facet.models.DetectorNetwork;
import dev.facet.models.DetectorNetwork.Stage;
import dev.facet.models.Licence;
import dev.facet.models.ModelRecord;
import dev.facet.models.Pixels;
import dev.facet.models.ServedModel;
import dev.facet.models.Source;
import dev.facet.models.Task;
import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.network.Architecture;
import dev.facet.proto.type.v1.DetectionOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** MTCNN's real networks for tests. */
final class MtcnnFiles {
  private static final Map<String, Path> GRAPHS = new HashMap<>();

  private MtcnnFiles() {}

  /**
   * The model, converted from the shared weights once; where those are not, the test is skipped.
   */
  static synchronized ServedModel model() {
    Path weights = Shared.folder("models");
    if (GRAPHS.isEmpty()) {
      for (String part : Architecture.MTCNN.parts()) {
        GRAPHS.put(part, converted(part, weights.resolve(part + ".pt")));
      }
    }
    ModelRecord record =
        new ModelRecord(
            "mtcnn",
            "2020-07-31",
            "pnet.onnx",
            "0".repeat(64),
            1,
            new Licence("MIT", "Timothy Esler, facenet-pytorch"),
            "converted",
            List.of(new Source.Mirror("pnet.onnx")),
            new Pixels(
                ColourOrder.RGB,
                new PixelScale(List.of(127.5, 127.5, 127.5), List.of(128.0, 128.0, 128.0))),
            new Task.Detection(
                new DetectorNetwork.Mtcnn(
                    20, 0.709, new Stage(0.6, 0.7), new Stage(0.7, 0.7), new Stage(0.7, 0.7))));
    return new ServedModel(record, record.id(), GRAPHS);
  }

  private static Path converted(String part, Path weights) {
    try {
      Path graph = Files.createTempFile("mtcnn-" + part, ".onnx");
      graph.toFile().deleteOnExit();
      return Files.write(graph, Architecture.MTCNN.build(part, Checkpoint.read(weights)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The detector with these settings; the caller closes it. */
  static FaceDetector detector(String... settings) {
    return Detectors.load(
        model(), Settings.load(DetectorSettings.class, settings), new SimpleMeterRegistry());
  }

  static Detection detect(FaceDetector detector, Picture picture, DetectionOptions options) {
    RequestChecks checks = new RequestChecks();
    var search = detector.search(RequestMessages.searchOptions(options, checks), checks);
    checks.done();
    return search.in(picture, Priority.INTERACTIVE);
  }

  static List<Face> faces(FaceDetector detector, Picture picture) {
    return detect(detector, picture, DetectionOptions.getDefaultInstance()).faces();
  }
}
