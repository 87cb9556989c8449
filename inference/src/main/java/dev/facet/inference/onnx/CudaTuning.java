package dev.facet.inference.onnx;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How CUDA computes what the session asks for; results differ by rounding only.
 *
 * @param channelsLast whether convolutions keep a picture's channels side by side (NHWC), the order
 *     that tensor cores work in
 * @param search how cuDNN's kernels are chosen
 * @param memoryBytes most memory of the GPU for one model; 0 is no limit
 * @param tf32 whether products of float32 may be taken with 10 bits of mantissa, as many as float16
 *     has
 */
public record CudaTuning(
    boolean channelsLast, ConvolutionSearch search, long memoryBytes, boolean tf32) {

  /** How a convolution's kernel is chosen when a shape is met for the first time. */
  public enum ConvolutionSearch {
    /** By the better of cuDNN's two forecasts. */
    EXHAUSTIVE,
    /** By the quicker one. */
    HEURISTIC;

    /** As written in settings. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CudaTuning {
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("memoryBytes must not be negative, is " + memoryBytes);
    }
  }

  /** Channels first, the better forecast, no limit, TF32. */
  public static CudaTuning standard() {
    return new CudaTuning(false, ConvolutionSearch.EXHAUSTIVE, 0, true);
  }

  /**
   * The options of ONNX Runtime's CUDA provider, by their names there.
   *
   * <p>Memory grows by what is asked for, not by powers of two: it stays what warming took.
   */
  public Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("arena_extend_strategy", "kSameAsRequested");
    options.put("cudnn_conv_algo_search", search.name());
    options.put("prefer_nhwc", channelsLast ? "1" : "0");
    options.put("use_tf32", tf32 ? "1" : "0");
    if (memoryBytes > 0) {
      options.put("gpu_mem_limit", Long.toString(memoryBytes));
    }
    return options;
  }
}
