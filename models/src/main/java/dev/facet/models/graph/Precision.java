package dev.facet.models.graph;

import java.util.Locale;

/** The floating-point numbers that a served graph computes with inside; its ends are the same. */
public enum Precision {
  FP32,
  /**
   * IEEE 754 binary16: half the memory and, on a GPU with tensor cores, a multiple of the speed.
   */
  FP16;

  /** As written in settings, file names and answers: {@code fp32} or {@code fp16}. */
  public String lowerName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
