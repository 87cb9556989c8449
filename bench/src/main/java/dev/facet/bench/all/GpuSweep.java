package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import dev.facet.models.graph.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * ONNX Runtime alone on the GPU with FaceNet's network, every way: float32 and float16, channels
 * first and last, one to three sessions, one and two callers, batches of 1 to 256.
 */
final class GpuSweep {

  private static final String NETWORK = "Inception-ResNet-v1";

  private final Surroundings surroundings;
  private final GpuPlan plan;
  private final MeasuredModels models;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Best> found = new ArrayList<>();

  GpuSweep(Surroundings surroundings, GpuPlan plan, MeasuredModels models) {
    this.surroundings = surroundings;
    this.plan = plan;
    this.models = models;
  }

  /** The way that gives the most faces, with what it gave in a short run. */
  record Best(ServedModel model, Precision precision, String layout, RawCost cost) {

    /** ONNX Runtime's process, to be asked again. */
    RawPeer peer(Surroundings surroundings, GpuPlan plan) {
      Task.Embedding task = (Task.Embedding) model.model().task();
      return new RawPeer(
          surroundings,
          model.path(),
          task.crop().height(),
          task.crop().width(),
          plan.provider(layout));
    }

    String how() {
      return "%s %s, %s".formatted(precision.lowerName(), layout, cost.how());
    }
  }

  /** A figure for each batch size of each way, told as they come. */
  List<Finding> findings() {
    return findings;
  }

  /** Runs all; empty when none of them could be run. */
  Optional<Best> run() {
    for (Precision precision : plan.precisions()) {
      for (String layout : plan.layouts()) {
        Optional<ServedModel> model = models.served(MeasuredModels.DRAWN, precision);
        model.ifPresent(graph -> run(graph, precision, layout));
      }
    }
    return found.stream().max(Comparator.comparingDouble(best -> best.cost.perSecond()));
  }

  private void run(ServedModel model, Precision precision, String layout) {
    String what = "%s %s %s raw".formatted(NETWORK, precision.lowerName(), layout);
    Best start = new Best(model, precision, layout, new RawCost(1, 1, 1, 1, 0, 0, 0));
    try (RawPeer peer = start.peer(surroundings, plan)) {
      for (int items : plan.batches()) {
        surroundings.say("gpu: %s, batch %d".formatted(what, items));
        RawCost best = best(peer, items);
        found.add(new Best(model, precision, layout, best));
        findings.add(
            Finding.told(
                GpuPoint.NAME,
                "%s, batch %d: faces/s".formatted(what, items),
                "%,.0f",
                Sample.of(best.perSecond()),
                "%s, %.2f ms a run".formatted(best.how(), best.runMillis())));
      }
    } catch (BenchFailure e) {
      // The others are measured all the same; a batch may be too large for the memory.
      findings.add(Finding.open(GpuPoint.NAME, what + ": faces/s", String.valueOf(e.getMessage())));
    }
  }

  private RawCost best(RawPeer peer, int items) {
    List<RawCost> costs = new ArrayList<>();
    for (GpuPlan.Way way : plan.ways()) {
      costs.add(peer.cost(way.sessions(), 1, way.callers(), items, surroundings.seconds() / 4));
    }
    return costs.stream().max(Comparator.comparingDouble(RawCost::perSecond)).orElseThrow();
  }
}
