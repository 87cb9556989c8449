package dev.facet.detector;

import dev.facet.bootstrap.RequestChecks;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.FaceDetector.Detection;
import dev.facet.detector.image.Picture;
import dev.facet.inference.batch.Priority;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.ServedModel;
import dev.facet.proto.type.v1.DetectionOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** MTCNN's real networks for tests. */
final class MtcnnFiles {
  private MtcnnFiles() {}

  /** The model, built from the shared weights; where those are not, the test is skipped. */
  static ServedModel model() {
    Path weights = Shared.folder("models");
    try {
      Path cache = Files.createTempDirectory("mtcnn");
      ServedModel model =
          new ModelStore(Catalogue.bundled(), cache, Optional.of(weights))
              .served("mtcnn", Progress.NONE);
      model.graphs().values().forEach(graph -> graph.toFile().deleteOnExit());
      return model;
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
