package dev.facet.bench.all;

import com.google.protobuf.ByteString;
import dev.facet.models.ServedModel;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A client's wait for the faces of a photo: with MTCNN beside facenet-pytorch on the same pixels
 * and as many threads, with YuNet beside the bare run of its graph and the decoding.
 */
final class DetectorPoint implements Point {

  private static final double LEAST_SPEEDUP = 5;
  private static final double MOST_YUNET = 1.1;
  private static final int[][] SIZES = {{1280, 720}, {640, 480}};
  private static final double WARM_UP_SECONDS = 8;
  private static final int YUNET_CALLS = 25;

  /** Smaller photos are of one face, or none, and would be blown up. */
  private static final int LEAST_SIDE = 400;

  /** YuNet's canvas for photos of four to three. */
  private static final int[] CANVAS = {640, 480};

  @Override
  public String name() {
    return "detector";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    List<Photo> photos =
        surroundings.photoFiles().stream()
            .map(Photo::read)
            .filter(photo -> Math.max(photo.width(), photo.height()) >= LEAST_SIDE)
            .toList();
    if (photos.isEmpty()) {
      return List.of(Finding.open(name(), "MTCNN and YuNet", "no photos here (--photos DIR)"));
    }
    List<Finding> findings = new ArrayList<>();
    try (RunningFacet facet =
            RunningFacet.start(surroundings, List.of("--detector", "yunet,mtcnn"));
        Line line = Line.to(facet.detector().address())) {
      DetectorServiceBlockingStub detector = DetectorServiceGrpc.newBlockingStub(line.channel());
      findings.addAll(mtcnn(surroundings, photos, detector));
      findings.add(yunet(surroundings, photos, detector));
    }
    return findings;
  }

  /**
   * What a client waited and what of it was decoding.
   *
   * @param decode milliseconds
   * @param whole milliseconds
   */
  private record Wait(double whole, double decode, int faces) {}

  private List<Finding> mtcnn(
      Surroundings surroundings, List<Photo> photos, DetectorServiceBlockingStub detector) {
    Optional<Path> python = FacenetPytorch.python();
    if (python.isEmpty()) {
      return List.of(
          Finding.open(
              name(),
              "MTCNN: times as fast as facenet-pytorch",
              "facenet-pytorch is not here; bench/peers/mtcnn.sh installs it"));
    }
    List<Finding> findings = new ArrayList<>();
    try (FacenetPytorch peer = FacenetPytorch.start(surroundings, python.get())) {
      for (int[] size : SIZES) {
        surroundings.say("detector: MTCNN at %dx%d".formatted(size[0], size[1]));
        findings.add(mtcnn(surroundings, photos, size, detector, peer));
      }
    }
    return findings;
  }

  /** Decoding counts for neither side; all photos take their turn in every round. */
  private Finding mtcnn(
      Surroundings surroundings,
      List<Photo> photos,
      int[] size,
      DetectorServiceBlockingStub detector,
      FacenetPytorch peer) {
    List<DetectRequest> requests = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Photo photo : photos) {
      byte[] png = photo.filling(size[0], size[1]).png();
      requests.add(request(png, "mtcnn"));
      files.add(surroundings.written("photo.png", png));
    }
    warm(detector, requests, surroundings.warmUp(WARM_UP_SECONDS));
    files.forEach(peer::detect);
    List<Double> ratios = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    int found = 0;
    int foundByPeer = 0;
    for (int round = 0; round < surroundings.rounds(); round++) {
      double own = 0;
      double theirs = 0;
      found = 0;
      foundByPeer = 0;
      for (int i = 0; i < photos.size(); i++) {
        FacenetPytorch.Answer answer = peer.detect(files.get(i));
        theirs += answer.millis();
        foundByPeer += answer.faces();
        // OpenMP's threads go on spinning for a while, and would take half of the machine.
        LockSupport.parkNanos(50_000_000);
        Wait wait = call(detector, requests.get(i));
        own += wait.whole - wait.decode;
        found += wait.faces;
        LockSupport.parkNanos(50_000_000);
      }
      ratios.add(theirs / own);
      peers.add(theirs / photos.size());
    }
    return Finding.atLeast(
        name(),
        "MTCNN %dx%d: times as fast as facenet-pytorch".formatted(size[0], size[1]),
        LEAST_SPEEDUP,
        "%.2f",
        new Sample(ratios),
        "%s: %.1f ms, %d faces; here %d"
            .formatted(peer.versions(), new Sample(peers).median(), foundByPeer, found));
  }

  private Finding yunet(
      Surroundings surroundings, List<Photo> photos, DetectorServiceBlockingStub detector) {
    String what = "YuNet 1280x960: wait, x run and decode";
    Optional<ServedModel> model = new MeasuredModels(surroundings).served("yunet");
    if (model.isEmpty()) {
      return Finding.open(name(), what, "the model is not to be had here");
    }
    surroundings.say("detector: YuNet");
    List<DetectRequest> requests =
        photos.stream().map(photo -> request(photo.filling(1280, 960).jpeg(), "yunet")).toList();
    warm(detector, requests, surroundings.warmUp(WARM_UP_SECONDS));
    List<Double> ratios = new ArrayList<>();
    List<Double> runs = new ArrayList<>();
    List<Double> decodes = new ArrayList<>();
    try (RawPeer raw = new RawPeer(surroundings, model.get().path(), CANVAS[1], CANVAS[0])) {
      for (int round = 0; round < surroundings.rounds(); round++) {
        double run = raw.cost(1, 1, 1, surroundings.seconds() / 2).runMillis();
        List<Double> whole = new ArrayList<>();
        List<Double> decode = new ArrayList<>();
        for (int i = 0; i < YUNET_CALLS; i++) {
          Wait wait = call(detector, requests.get(i % requests.size()));
          whole.add(wait.whole);
          decode.add(wait.decode);
        }
        runs.add(run);
        decodes.add(new Sample(decode).median());
        ratios.add(new Sample(whole).median() / (run + new Sample(decode).median()));
      }
    }
    return Finding.atMost(
        name(),
        what,
        MOST_YUNET,
        "%.2f",
        new Sample(ratios),
        "ONNX Runtime alone %.2f ms, decode %.2f ms"
            .formatted(new Sample(runs).median(), new Sample(decodes).median()));
  }

  /** Calls until the JVMs at both ends have compiled what these photos need. */
  private static void warm(
      DetectorServiceBlockingStub detector, List<DetectRequest> requests, double seconds) {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (int i = 0; System.nanoTime() < end; i++) {
      var _ = call(detector, requests.get(i % requests.size()));
    }
  }

  /** Faces by the model of that name. */
  static DetectRequest request(byte[] photo, String model) {
    return DetectRequest.newBuilder()
        .setImage(Image.newBuilder().setData(ByteString.copyFrom(photo)))
        .setOptions(DetectionOptions.newBuilder().setDetector(model))
        .build();
  }

  private static Wait call(DetectorServiceBlockingStub detector, DetectRequest request) {
    long start = System.nanoTime();
    DetectResponse answer = detector.withDeadlineAfter(60, TimeUnit.SECONDS).detect(request);
    return new Wait(
        (System.nanoTime() - start) / 1e6,
        answer.getTimings().getDecodeMicros() / 1e3,
        answer.getFacesCount());
  }
}
