package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;

/** A fixed setting of a node, such as the strides of a convolution. */
public final class Attribute {

  private final AttributeProto proto;

  private Attribute(AttributeProto proto) {
    this.proto = proto;
  }

  public static Attribute real(String name, double value) {
    return new Attribute(Tensors.real(name, (float) value));
  }

  public static Attribute integer(String name, long value) {
    return new Attribute(Tensors.integer(name, value));
  }

  public static Attribute integers(String name, long... values) {
    return new Attribute(Tensors.integers(name, values));
  }

  AttributeProto proto() {
    return proto;
  }
}
