package dev.facet.inference.onnx;

/**
 * How a model is run.
 *
 * @param device GPU to use with CUDA, from 0
 * @param threads processors that one run may use. One, with as many runs at a time as there are
 *     processors, gives the most throughput; more shorten a single run.
 * @param freeShapes whether inputs come in ever new shapes: no plan of the memory is then kept for
 *     each of them
 * @param cuda means nothing on the processor
 */
public record OnnxSettings(
    ExecutionProvider provider, int device, int threads, boolean freeShapes, CudaTuning cuda) {

  public OnnxSettings {
    if (device < 0) {
      throw new IllegalArgumentException("device must not be negative, is " + device);
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, is " + threads);
    }
  }

  /** For inputs of few shapes. */
  public OnnxSettings(ExecutionProvider provider, int device, int threads) {
    this(provider, device, threads, false, CudaTuning.standard());
  }

  /** The same for a model whose inputs come in ever new shapes. */
  public OnnxSettings forFreeShapes() {
    return new OnnxSettings(provider, device, threads, true, cuda);
  }

  /** The same, tuned so where it runs on CUDA. */
  public OnnxSettings tuned(CudaTuning tuning) {
    return new OnnxSettings(provider, device, threads, freeShapes, tuning);
  }

  /** On the processor, one thread for each run. */
  public static OnnxSettings cpu() {
    return new OnnxSettings(ExecutionProvider.CPU, 0, 1);
  }
}
