package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.load.Run;
import dev.facet.bench.load.ServerMetrics;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the embedder takes beyond the run of its model: processor time for a face under 32 clients
 * that wait for their answers, beside the cheapest of all ways to run the same graph; and the time
 * that one client waits beyond the run of one crop.
 */
final class EmbedderPoint implements Point {

  private static final double MOST_CPU = 1.05;
  private static final double MOST_ADDED_MS = 1;
  private static final int CLIENTS = 32;

  /** The JVM compiles for so long, and its processor time would be the faces'. */
  private static final double WARM_UP_SECONDS = 6;

  private static final List<String> MODELS =
      List.of("edgeface-xs", "mobilefacenet", "dlib-resnet", MeasuredModels.DRAWN);

  @Override
  public String name() {
    return "embedder";
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    List<Finding> findings = new ArrayList<>();
    MeasuredModels models = new MeasuredModels(surroundings);
    for (String name : MODELS) {
      Optional<ServedModel> model = models.served(name);
      if (model.isEmpty()) {
        findings.add(
            Finding.open(
                name(), name + ": CPU for a face, x raw", "the model is not to be had here"));
        continue;
      }
      surroundings.say("embedder: " + name);
      try (RunningFacet facet = RunningFacet.start(surroundings, models.upOptions(name))) {
        findings.addAll(measure(surroundings, model.get(), facet.embedder()));
      }
    }
    return findings;
  }

  private List<Finding> measure(Surroundings surroundings, ServedModel model, Service embedder) {
    Task.Embedding task = (Task.Embedding) model.model().task();
    String name = model.model().name();
    Generator generator = new Generator(surroundings);
    double seconds = surroundings.seconds();
    List<Double> cpu = new ArrayList<>();
    List<Double> rawCpu = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    List<Double> perSecond = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    try (RawPeer raw =
        new RawPeer(surroundings, model.path(), task.crop().height(), task.crop().width())) {
      var _ = generator.run(words(embedder, CLIENTS, surroundings.warmUp(WARM_UP_SECONDS)));
      RawCost best = raw.sweep(seconds / 4).getFirst();
      for (int round = 0; round < surroundings.rounds(); round++) {
        double rawMillis = raw.again(best, seconds).cpuMillis();
        Run many = generator.run(words(embedder, CLIENTS, seconds));
        ServerMetrics server = many.servers().getFirst();
        double faces = faces(server);
        double millis = server.growth("process_cpu_time_ns_total") / 1e6 / faces;
        rawCpu.add(rawMillis);
        cpu.add(millis);
        ratios.add(millis / rawMillis);
        perSecond.add(faces / seconds);
        double alone = raw.cost(1, 1, 1, seconds / 2).runMillis();
        Run one = generator.run(words(embedder, 1, seconds / 2));
        added.add(Generator.claimed(one).latency().p50Ms() - alone);
      }
      Sample rawSample = new Sample(rawCpu);
      return List.of(
          Finding.atMost(
              name(),
              name + ": CPU for a face, x raw",
              MOST_CPU,
              "%.3f",
              new Sample(ratios),
              "ONNX Runtime alone %.2f ms (%s)".formatted(rawSample.median(), best.how())),
          Finding.told(name(), name + ": CPU for a face, ms", "%.2f", new Sample(cpu), ""),
          Finding.told(
              name(),
              name + ": faces/s to " + CLIENTS + " clients, who take their share",
              "%.0f",
              new Sample(perSecond),
              "ONNX Runtime alone %.0f".formatted(best.perSecond())),
          Finding.atMost(
              name(),
              name + ": added for one client, ms",
              MOST_ADDED_MS,
              "%.2f",
              new Sample(added),
              "its median beside that of a run"));
    }
  }

  private static List<String> words(Service embedder, int clients, double seconds) {
    return List.of(
        "--call=embedder",
        "--at=" + embedder.address(),
        "--clients=" + clients,
        "--warmup=3", // the generator's JVM compiles too
        "--duration=" + seconds,
        // All processors are busy: a client hears of its answer late, which is told to nobody here.
        "--lateness=1000",
        "--metrics=" + embedder.metrics());
  }

  private static double faces(ServerMetrics server) {
    double faces = server.growth("facet_batch_items_total", "outcome=\"succeeded\"");
    if (faces < 1) {
      throw new BenchFailure(BenchFailure.INTERNAL, "the embedder embedded nothing");
    }
    return faces;
  }
}
