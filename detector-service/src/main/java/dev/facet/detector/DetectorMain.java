package dev.facet.detector;

import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.detector.image.Decoder;
import dev.facet.serving.ModelsInService;
import dev.facet.serving.Watchdog;

/** The detector: image bytes in, faces, crops and chips out. */
public final class DetectorMain {
  private DetectorMain() {}

  public static void main(String[] args) {
    if (Settings.help(DetectorSettings.class, args)) {
      return;
    }
    DetectorSettings settings = Settings.load(DetectorSettings.class, args);
    try (ServiceHost host = ServiceHost.open("detector", settings.server(), settings.access());
        NativeErrors _ = NativeErrors.limit(host.meters());
        ModelsInService<FaceDetector> detectors = Detectors.load(settings, host.meters());
        Watchdog _ = Watchdog.start(settings.watchdog(), detectors::batchers, host)) {
      Decoder decoder = new Decoder(settings.decode(), settings.image(), host.meters());
      FaceFinder finder = new FaceFinder(decoder);
      host.serve(
          DetectorErrors.TABLE,
          new DetectorService(detectors, finder, settings.onnx().provider(), DetectorErrors.TABLE));
      host.awaitTermination();
    }
  }
}
