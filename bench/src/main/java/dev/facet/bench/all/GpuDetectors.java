package dev.facet.bench.all;

import dev.facet.models.graph.Precision;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Both detectors on the GPU: how long their shapes take to warm, how long a client waits for the
 * faces of a photo, and whether they find as many as on the processor.
 */
final class GpuDetectors {

  private static final List<String> DETECTORS = List.of("yunet", "mtcnn");
  private static final int CALLS = 50;
  private static final int MOST_PHOTOS = 20;

  private final Surroundings surroundings;
  private final GpuPlan plan;
  private final MeasuredModels models;

  GpuDetectors(Surroundings surroundings, GpuPlan plan, MeasuredModels models) {
    this.surroundings = surroundings;
    this.plan = plan;
    this.models = models;
  }

  /** What a detector did with the photos. */
  private record Seen(double startSeconds, Map<String, Integer> faces, Map<String, Sample> waits) {}

  List<Finding> measure() {
    List<String> had = DETECTORS.stream().filter(name -> models.served(name).isPresent()).toList();
    List<byte[]> photos =
        surroundings.photoFiles().stream()
            .limit(MOST_PHOTOS)
            .map(file -> Photo.read(file).filling(1280, 720).jpeg())
            .toList();
    List<Finding> findings = new ArrayList<>();
    for (String name : DETECTORS) {
      if (photos.isEmpty() || !had.contains(name)) {
        findings.add(
            Finding.open(
                GpuPoint.NAME,
                name + " on the GPU: wait for a photo of 1280x720, ms",
                photos.isEmpty() ? "no photos here" : "the model is not to be had here"));
      }
    }
    if (photos.isEmpty() || had.isEmpty()) {
      return findings;
    }
    surroundings.say("gpu: " + String.join(", ", had));
    Seen processor = see(had, photos, List.of("onnx.provider=cpu", "onnx.precision=fp32"));
    for (Precision precision : plan.precisions()) {
      Seen gpu = see(had, photos, plan.settings(precision, "auto", 2));
      findings.addAll(told(precision.lowerName(), had, gpu, processor, photos.size()));
    }
    return findings;
  }

  private static List<Finding> told(
      String precision, List<String> had, Seen gpu, Seen processor, int photos) {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.told(
            GpuPoint.NAME,
            "detectors on the GPU, %s: exec to ready, every shape warmed, s".formatted(precision),
            "%.1f",
            Sample.of(gpu.startSeconds),
            "on the processor %.1f".formatted(processor.startSeconds)));
    for (String name : had) {
      int expected = processor.faces.getOrDefault(name, 0);
      int given = gpu.faces.getOrDefault(name, 0);
      findings.add(
          Finding.told(
              GpuPoint.NAME,
              "%s on the GPU, %s: wait for a photo of 1280x720, ms".formatted(name, precision),
              "%.2f",
              gpu.waits.getOrDefault(name, Sample.of(Double.NaN)),
              "on the processor %.2f"
                  .formatted(processor.waits.getOrDefault(name, Sample.of(Double.NaN)).median())));
      findings.add(
          Finding.atMost(
              GpuPoint.NAME,
              "%s on the GPU, %s: faces more or fewer than on the processor"
                  .formatted(name, precision),
              Math.ceil(expected / 100.0),
              "%.0f",
              Sample.of(Math.abs(given - expected)),
              "%d faces in %d photos".formatted(expected, photos)));
    }
    return findings;
  }

  private Seen see(List<String> had, List<byte[]> photos, List<String> provider) {
    List<String> settings = new ArrayList<>(provider);
    settings.addAll(models.settings(had.toArray(String[]::new)));
    Map<String, Integer> faces = new LinkedHashMap<>();
    Map<String, Sample> waits = new LinkedHashMap<>();
    try (LoneService detector = LoneService.start(surroundings, "detector", settings);
        Line line = Line.to(detector.service().address())) {
      DetectorServiceBlockingStub stub = DetectorServiceGrpc.newBlockingStub(line.channel());
      for (String name : had) {
        int found = 0;
        for (byte[] photo : photos) { // the JVM is warmed by it, too
          found += call(stub, photo, name).getFacesCount();
        }
        faces.put(name, found);
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
          long start = System.nanoTime();
          var _ = call(stub, photos.get(i % photos.size()), name);
          millis.add((System.nanoTime() - start) / 1e6);
        }
        waits.put(name, new Sample(millis));
      }
      return new Seen(detector.startSeconds(), faces, waits);
    }
  }

  private static DetectResponse call(
      DetectorServiceBlockingStub detector, byte[] photo, String model) {
    return detector
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .detect(DetectorPoint.request(photo, model));
  }
}
