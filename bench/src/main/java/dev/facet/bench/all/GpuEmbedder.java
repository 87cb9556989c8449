package dev.facet.bench.all;

import com.google.protobuf.ByteString;
import dev.facet.bench.load.Run;
import dev.facet.inference.onnx.FloatTensor;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.ServedModel;
import dev.facet.models.Task;
import dev.facet.models.graph.Precision;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.type.v1.Crop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The embedder on the GPU under local clients, in turns with ONNX Runtime alone at its best; and
 * its vectors beside those of float32 on the processor.
 */
final class GpuEmbedder {

  private static final double LEAST_RAW = 20_000;
  private static final double LEAST_SHARE = 0.9;
  private static final double LEAST_COSINE = 0.999;

  /** In a call; as many fit a message. */
  private static final int CROPS = 64;

  /** All clients' calls lie in it at a time. */
  private static final int GENERATOR_MIB = 4096;

  /** The GPU that the target is of. */
  private static final String TARGET = "H200";

  private static final int COMPARED = 32;
  private static final List<String> CALLS = List.of("embedder", "embedder-stream");

  private final Surroundings surroundings;
  private final GpuPlan plan;
  private final MeasuredModels models;

  GpuEmbedder(Surroundings surroundings, GpuPlan plan, MeasuredModels models) {
    this.surroundings = surroundings;
    this.plan = plan;
    this.models = models;
  }

  /**
   * Raw and served in turns.
   *
   * @param gpu in words; the raw figure has its target on an H200 only
   */
  List<Finding> served(GpuSweep.Best best, String gpu) {
    List<Finding> findings = new ArrayList<>();
    List<Double> raw = new ArrayList<>();
    try (RawPeer peer = best.peer(surroundings, plan)) {
      for (int runners : plan.runners()) {
        findings.addAll(served(best, peer, runners, raw));
      }
    }
    findings.addFirst(raw(new Sample(raw), gpu, best.how()));
    return findings;
  }

  static Finding raw(Sample perSecond, String gpu, String how) {
    String peer = "%s; ONNX Runtime alone: %s".formatted(gpu, how);
    return gpu.contains(TARGET)
        ? Finding.atLeast(GpuPoint.NAME, GpuPoint.RAW, LEAST_RAW, "%,.0f", perSecond, peer)
        : Finding.told(GpuPoint.NAME, GpuPoint.RAW, "%,.0f", perSecond, peer);
  }

  private List<Finding> served(GpuSweep.Best best, RawPeer peer, int runners, List<Double> raw) {
    List<String> settings =
        new ArrayList<>(plan.settings(best.precision(), best.layout(), runners));
    settings.addAll(models.settings(MeasuredModels.DRAWN));
    settings.add("batch.max=" + best.cost().items());
    surroundings.say("gpu: the embedder with %d runners".formatted(runners));
    List<Finding> findings = new ArrayList<>();
    try (LoneService embedder = LoneService.start(surroundings, "embedder", settings)) {
      for (String call : CALLS) {
        List<Double> shares = new ArrayList<>();
        List<Double> perSecond = new ArrayList<>();
        for (int round = 0; round < surroundings.rounds(); round++) {
          double alone = peer.again(best.cost(), surroundings.seconds()).perSecond();
          double faces = facesPerSecond(embedder, call);
          raw.add(alone);
          perSecond.add(faces);
          shares.add(faces / alone);
        }
        findings.add(
            Finding.atLeast(
                GpuPoint.NAME,
                "%s, %s, %d runner%s"
                    .formatted(GpuPoint.SERVED, call, runners, runners == 1 ? "" : "s"),
                LEAST_SHARE,
                "%.3f",
                new Sample(shares),
                "%,.0f faces/s to %d clients, %d crops a call; ready after %.1f s"
                    .formatted(
                        new Sample(perSecond).median(),
                        plan.clients(),
                        CROPS,
                        embedder.startSeconds())));
      }
    }
    return findings;
  }

  private double facesPerSecond(LoneService embedder, String call) {
    Run run =
        new Generator(surroundings, GENERATOR_MIB)
            .run(
                "--call=" + call,
                "--at=" + embedder.service().address(),
                "--crops=" + CROPS,
                "--clients=" + plan.clients(),
                "--connections=8",
                "--warmup=2",
                "--timeout=60",
                "--duration=" + surroundings.seconds(),
                "--lateness=1000");
    return Generator.claimed(run).facesPerSecond();
  }

  /** The least cosine of each precision's vectors to the processor's in float32. */
  List<Finding> cosines(ServedModel model) {
    Task.Embedding task = (Task.Embedding) model.model().task();
    List<byte[]> crops = crops(task.crop().width(), task.crop().height());
    List<float[]> expected = onProcessor(model, task, crops);
    List<Finding> findings = new ArrayList<>();
    for (Precision precision : plan.precisions()) {
      List<String> settings = new ArrayList<>(plan.settings(precision, "auto", 1));
      settings.addAll(models.settings(MeasuredModels.DRAWN));
      settings.add("batch.max=" + Math.min(COMPARED, plan.batches().getLast()));
      surroundings.say("gpu: vectors in " + precision.lowerName());
      try (LoneService embedder = LoneService.start(surroundings, "embedder", settings)) {
        List<float[]> given = embedded(embedder, task, crops);
        double least = 1;
        for (int i = 0; i < COMPARED; i++) {
          least = Math.min(least, cosine(expected.get(i), given.get(i)));
        }
        findings.add(
            Finding.atLeast(
                GpuPoint.NAME,
                "%s %s".formatted(GpuPoint.COSINE, precision.lowerName()),
                LEAST_COSINE,
                "%.6f",
                Sample.of(least),
                "the least of %d crops".formatted(COMPARED)));
      }
    }
    return findings;
  }

  /** Soft spots of colour with ever more noise in them. */
  private static List<byte[]> crops(int width, int height) {
    List<byte[]> crops = new ArrayList<>();
    Random random = new Random(1);
    for (int n = 0; n < COMPARED; n++) {
      byte[] crop = new byte[width * height * 3];
      for (int i = 0; i < crop.length; i++) {
        int pixel = i / 3;
        int row = pixel / width;
        double x = (double) (pixel % width) / width;
        double y = (double) row / height;
        double wave = Math.sin((n + 2) * x + i % 3) * Math.cos((n % 5 + 1) * 2 * y);
        double noise = 2 * n * random.nextGaussian();
        crop[i] = (byte) Math.clamp(Math.round(128 + 100 * wave + noise), 0, 255);
      }
      crops.add(crop);
    }
    return crops;
  }

  private static List<float[]> onProcessor(
      ServedModel model, Task.Embedding task, List<byte[]> crops) {
    List<float[]> vectors = new ArrayList<>();
    try (OnnxModel onnx = OnnxModel.load(model.path(), OnnxSettings.cpu())) {
      for (byte[] crop : crops) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(crop.length).put(crop).clear();
        FloatTensor vector =
            onnx.run(pixels, 1, task.crop().height(), task.crop().width(), 3)
                .values()
                .iterator()
                .next();
        vectors.add(vector.item(0));
      }
    }
    return vectors;
  }

  private static List<float[]> embedded(
      LoneService embedder, Task.Embedding task, List<byte[]> crops) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder();
    for (byte[] crop : crops) {
      request.addCrops(
          Crop.newBuilder()
              .setWidth(task.crop().width())
              .setHeight(task.crop().height())
              .setRgb(ByteString.copyFrom(crop)));
    }
    try (Line line = Line.to(embedder.service().address())) {
      EmbedResponse answer =
          EmbedderServiceGrpc.newBlockingStub(line.channel())
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .embed(request.build());
      return answer.getEmbeddingsList().stream()
          .map(
              embedding -> {
                float[] vector = new float[embedding.getVector().getValuesCount()];
                for (int i = 0; i < vector.length; i++) {
                  vector[i] = embedding.getVector().getValues(i);
                }
                return vector;
              })
          .toList();
    }
  }

  /** Of unit vectors; -1 where one is missing. */
  static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      return -1;
    }
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
