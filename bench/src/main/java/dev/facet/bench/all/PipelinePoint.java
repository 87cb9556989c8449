package dev.facet.bench.all;

import com.google.protobuf.ByteString;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.Timings;
import dev.facet.proto.v1.FaceServiceGrpc;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceBlockingStub;
import dev.facet.proto.v1.IdentifyRequest;
import dev.facet.proto.v1.IdentifyResponse;
import dev.facet.proto.v1.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * A photo of 12 megapixels in, a name out, against 100,000 enrolled faces: every stage of the call,
 * and what is left of it when decoding, detection, embedding and search are taken away.
 */
final class PipelinePoint implements Point {

  private static final double MOST_OVERHEAD_MS = 2;
  private static final int FACES = 100_000;
  private static final int WIDTH = 3000;
  private static final int HEIGHT = 4000;
  private static final int WARM_UP_CALLS = 300;
  private static final int CALLS = 15;
  private static final String COLLECTION = "people";

  /** The stages that the services tell of, in their order. */
  private static final Map<String, ToDoubleFunction<Timings>> STAGES = stages();

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    Optional<Path> portrait =
        surroundings.photoFiles().stream().max(Comparator.comparingLong(f -> pixels(f)));
    if (portrait.isEmpty()) {
      return List.of(
          Finding.open(name(), "overhead of a call, ms", "no photos here (--photos DIR)"));
    }
    byte[] photo = Photo.read(portrait.get()).filling(WIDTH, HEIGHT).jpeg();
    surroundings.say("pipeline: enrolling %,d faces".formatted(FACES));
    try (RunningFacet facet = RunningFacet.start(surroundings, List.of());
        Line gateway = Line.to(facet.gateway().address())) {
      double rate = new DrawnPeople(gateway.channel(), COLLECTION).enroll(FACES);
      surroundings.say("pipeline: enrolled, %,.0f a second; identifying".formatted(rate));
      return identify(surroundings, facet, gateway, photo);
    }
  }

  private static long pixels(Path file) {
    Photo photo = Photo.read(file);
    return (long) photo.width() * photo.height();
  }

  private List<Finding> identify(
      Surroundings surroundings, RunningFacet facet, Line gateway, byte[] photo) {
    IdentifyRequest request =
        IdentifyRequest.newBuilder()
            .setCollectionId(COLLECTION)
            .setProbe(
                Probe.newBuilder().setImage(Image.newBuilder().setData(ByteString.copyFrom(photo))))
            .build();
    FaceServiceBlockingStub faces = FaceServiceGrpc.newBlockingStub(gateway.channel());
    Map<String, List<Double>> medians = new LinkedHashMap<>();
    for (int i = 0; i < surroundings.warmUp(WARM_UP_CALLS); i++) {
      var _ = call(faces, request);
    }
    InsideServices inside = new InsideServices(facet);
    for (int round = 0; round < surroundings.rounds(); round++) {
      Map<String, List<Double>> millis = new LinkedHashMap<>();
      Map<String, Double> insides =
          inside.during(
              () -> {
                for (int i = 0; i < CALLS; i++) {
                  call(faces, request)
                      .forEach(
                          (stage, ms) ->
                              millis.computeIfAbsent(stage, _ -> new ArrayList<>()).add(ms));
                }
              });
      insides.forEach((service, ms) -> millis.put(service, List.of(ms)));
      millis.forEach(
          (stage, all) ->
              medians.computeIfAbsent(stage, _ -> new ArrayList<>()).add(new Sample(all).median()));
    }
    List<Finding> findings = new ArrayList<>();
    medians.forEach(
        (stage, ms) ->
            findings.add(
                stage.equals("overhead")
                    ? Finding.atMost(
                        name(),
                        "12 MP, 100,000 faces: " + stage + ", ms",
                        MOST_OVERHEAD_MS,
                        "%.2f",
                        new Sample(ms),
                        "what the client waits without decode, detect, embed and search")
                    : Finding.told(
                        name(),
                        "12 MP, 100,000 faces: " + stage + ", ms",
                        "%.2f",
                        new Sample(ms),
                        "")));
    return findings;
  }

  /**
   * Milliseconds of the stages, the whole as the client sees it, and what no stage accounts for.
   */
  private static Map<String, Double> call(FaceServiceBlockingStub faces, IdentifyRequest request) {
    long start = System.nanoTime();
    IdentifyResponse answer = faces.withDeadlineAfter(60, TimeUnit.SECONDS).identify(request);
    double whole = (System.nanoTime() - start) / 1e6;
    Map<String, Double> millis = new LinkedHashMap<>();
    millis.put("whole call", whole);
    STAGES.forEach(
        (stage, micros) -> millis.put(stage, micros.applyAsDouble(answer.getTimings()) / 1000));
    Timings told = answer.getTimings();
    millis.put(
        "overhead",
        whole
            - (told.getDecodeMicros()
                    + told.getDetectQueueMicros()
                    + told.getDetectMicros()
                    + told.getEmbedQueueMicros()
                    + told.getEmbedMicros()
                    + told.getSearchMicros())
                / 1000.0);
    return millis;
  }

  private static Map<String, ToDoubleFunction<Timings>> stages() {
    Map<String, ToDoubleFunction<Timings>> stages = new LinkedHashMap<>();
    stages.put("decode", Timings::getDecodeMicros);
    stages.put("detect", told -> told.getDetectQueueMicros() + told.getDetectMicros());
    stages.put("crop", Timings::getCropMicros);
    stages.put("embed", told -> told.getEmbedQueueMicros() + told.getEmbedMicros());
    stages.put("search", Timings::getSearchMicros);
    stages.put("ledger", Timings::getLedgerMicros);
    return stages;
  }
}
