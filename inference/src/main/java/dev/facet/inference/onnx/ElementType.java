package dev.facet.inference.onnx;

/** What the values of a tensor are; inputs and outputs of other types are not served. */
public enum ElementType {
  UINT8,
  FLOAT32
}
