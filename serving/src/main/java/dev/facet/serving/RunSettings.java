package dev.facet.serving;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import dev.facet.inference.onnx.ExecutionProvider;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.models.graph.Precision;

/** How ONNX Runtime runs the models of a service. */
public record RunSettings(
    @Setting(
            value = "cpu",
            doc = "Execution provider: cpu or cuda; cuda refuses to start without it")
        ExecutionProvider provider,
    @Setting(value = "0", doc = "GPU to use with cuda") int device,
    @Setting(
            value = "fp32",
            doc =
                "Numbers that the models compute with: fp32 or fp16; fp16 halves their memory and"
                    + " is meant for cuda, a processor is a hundred times slower with it")
        Precision precision,
    @Setting(
            value = "0",
            doc =
                "Model runs at the same time, one thread each; 0 is one per processor on cpu, two"
                    + " on cuda")
        int runners,
    CudaSettings cuda) {

  public RunSettings {
    Require.between("device", device, 0, 1024);
    Require.between("runners", runners, 0, 1024);
  }

  /** What a session is opened with. */
  public OnnxSettings session() {
    return new OnnxSettings(provider, device, 1).tuned(cuda.tuning(precision));
  }

  /** Runs at the same time of one model. */
  public int effectiveRunners() {
    if (runners > 0) {
      return runners;
    }
    return provider == ExecutionProvider.CUDA ? 2 : Runtime.getRuntime().availableProcessors();
  }
}
