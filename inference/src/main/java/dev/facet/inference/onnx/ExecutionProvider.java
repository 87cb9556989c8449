package dev.facet.inference.onnx;

import java.util.Locale;

/** What a model's graph runs on. */
public enum ExecutionProvider {
  /** The processor. */
  CPU,
  /** An NVIDIA GPU; needs the build profile {@code cuda}, CUDA 12 and cuDNN 9. */
  CUDA;

  /** As written in settings and answers: {@code cpu} or {@code cuda}. */
  public String lowerName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
