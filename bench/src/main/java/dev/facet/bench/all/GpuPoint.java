package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxException;
import dev.facet.inference.onnx.OnnxModel;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.inference.onnx.ProviderUnavailableException;
import dev.facet.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a GPU gives: FaceNet's network raw and served, its vectors beside the processor's, and both
 * detectors. {@code bench/gpu.sh} brings it to a machine that has one. What is measured nowhere
 * stays open.
 */
final class GpuPoint implements Point {

  static final String NAME = "gpu";
  static final String RAW = "Inception-ResNet-v1 on one GPU, faces/s raw";
  static final String SERVED = "served to local gRPC clients, of raw";
  static final String COSINE = "least cosine to float32 on the processor,";

  /** Walks through everything on the processor; nothing is claimed. */
  private static final String REHEARSAL = "facet.bench.gpu.rehearsal";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> measure(Surroundings surroundings) {
    if (Boolean.getBoolean(REHEARSAL)) {
      return measure(surroundings, GpuPlan.rehearsal(), "no GPU");
    }
    Optional<Gpu> gpu = Gpu.find();
    if (gpu.isEmpty()) {
      return open("no NVIDIA GPU here; bench/gpu.sh measures it where there is one");
    }
    surroundings.say("gpu: " + gpu.get());
    return measure(surroundings, GpuPlan.whole(), gpu.get().toString());
  }

  private static List<Finding> measure(Surroundings surroundings, GpuPlan plan, String gpu) {
    MeasuredModels models = new MeasuredModels(surroundings);
    Optional<ServedModel> drawn = models.served(MeasuredModels.DRAWN);
    if (drawn.isEmpty()) {
      return open("the network could not be built");
    }
    Optional<String> missing = plan.cuda() ? missing(drawn.get()) : Optional.empty();
    if (missing.isPresent()) {
      return open(missing.get());
    }
    List<Finding> findings = new ArrayList<>();
    GpuSweep sweep = new GpuSweep(surroundings, plan, models);
    Optional<GpuSweep.Best> best = sweep.run();
    GpuEmbedder embedder = new GpuEmbedder(surroundings, plan, models);
    findings.addAll(
        best.isEmpty()
            ? open("no way of the sweep could be run")
            : part(SERVED, () -> embedder.served(best.get(), gpu)));
    findings.addAll(part(COSINE, () -> embedder.cosines(drawn.get())));
    findings.addAll(
        part(
            "YuNet and MTCNN on the GPU",
            () -> new GpuDetectors(surroundings, plan, models).measure()));
    findings.addAll(sweep.findings());
    return plan.told(findings);
  }

  /** Why CUDA cannot run the network; every one of its nodes, or none. */
  private static Optional<String> missing(ServedModel model) {
    try (OnnxModel _ =
        OnnxModel.load(model.path(), new OnnxSettings(ExecutionProvider.CUDA, 0, 1))) {
      return Optional.empty();
    } catch (ProviderUnavailableException | OnnxException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** A part that does not start leaves the others their turn. */
  private static List<Finding> part(String what, Supplier<List<Finding>> part) {
    try {
      return part.get();
    } catch (BenchFailure e) {
      return List.of(Finding.open(NAME, what, String.valueOf(e.getMessage())));
    }
  }

  private static List<Finding> open(String why) {
    return List.of(
        Finding.open(NAME, RAW, why),
        Finding.open(NAME, SERVED, why),
        Finding.open(NAME, COSINE + " fp16", why),
        Finding.open(NAME, "YuNet and MTCNN on the GPU", why));
  }
}
