package dev.facet.serving;

import dev.facet.bootstrap.Setting;
import dev.facet.inference.onnx.CudaTuning;
import dev.facet.inference.onnx.CudaTuning.ConvolutionSearch;
import dev.facet.models.graph.Precision;
import java.util.Locale;

/** How CUDA computes a model; without effect on the processor. */
public record CudaSettings(
    @Setting(
            value = "auto",
            doc =
                "Order of a picture's numbers in convolutions: nchw, nhwc, or auto, which is nhwc"
                    + " with fp16, whose tensor cores work in it")
        Layout layout,
    @Setting(
            value = "exhaustive",
            doc =
                "How cuDNN chooses a kernel for a new shape: exhaustive, or heuristic for a quicker"
                    + " start")
        ConvolutionSearch convolutionSearch,
    @Setting(
            value = "0",
            unit = "bytes",
            doc = "Most memory of the GPU for one graph; 0 is no limit")
        long memoryBytes,
    @Setting(
            value = "true",
            doc = "Whether products in fp32 may be of 10 bits of mantissa, as many as fp16 has")
        boolean tf32) {

  /** Which way round pictures lie in convolutions. */
  public enum Layout {
    AUTO,
    NCHW,
    NHWC;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CudaSettings {
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("memory-bytes must not be negative, is " + memoryBytes);
    }
  }

  CudaTuning tuning(Precision precision) {
    boolean channelsLast =
        layout == Layout.NHWC || (layout == Layout.AUTO && precision == Precision.FP16);
    return new CudaTuning(channelsLast, convolutionSearch, memoryBytes, tf32);
  }
}
