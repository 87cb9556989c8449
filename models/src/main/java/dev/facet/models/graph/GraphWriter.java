package dev.facet.models.graph;

import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.NodeProto;
import dev.facet.models.graph.onnx.OperatorSetIdProto;
import dev.facet.models.graph.onnx.TensorProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a new ONNX file, node after node, each after those whose values it reads.
 *
 * <p>A value is known by its name; a node is called as the first value that it makes. The same
 * calls give the same bytes.
 */
public final class GraphWriter {

  /**
   * Known to every runtime since 2022 (ONNX Runtime 1.12), and the last in which reductions name
   * their axes as attributes; nothing here needs a newer one.
   */
  public static final int OPSET = 17;

  /** The version of the format that came out with that operator set. */
  private static final int IR_VERSION = 8;

  private final GraphProto.Builder graph;
  private final Set<String> names = new HashSet<>();

  public GraphWriter(String name) {
    this.graph = GraphProto.newBuilder().setName(name);
  }

  /**
   * Declares a float32 input.
   *
   * @param dimensions numbers, or words for what is open: {@code "N", "3", "112", "112"}
   */
  public String input(String name, String... dimensions) {
    graph.addInput(Values.tensor(take(name), Tensors.FLOAT, dimensions(dimensions)));
    return name;
  }

  /** Declares a value that a node has made as a float32 output; dimensions as for inputs. */
  public void output(String name, String... dimensions) {
    graph.addOutput(Values.tensor(name, Tensors.FLOAT, dimensions(dimensions)));
  }

  /** Adds a node of ONNX's own operator set that makes one value, and returns that. */
  public String node(String operator, String name, List<String> inputs, Attribute... attributes) {
    node(operator, List.of(name), inputs, attributes);
    return name;
  }

  /** Adds a node that makes several values. */
  public void node(
      String operator, List<String> outputs, List<String> inputs, Attribute... attributes) {
    outputs.forEach(this::take);
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(outputs.getFirst())
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(Arrays.stream(attributes).map(Attribute::proto).toList()));
  }

  /** Adds a float32 constant; no shape makes a single number of it. */
  public String floats(String name, float[] values, int... shape) {
    return constant(Tensors.raw(name, values, shape));
  }

  /** Adds an int64 constant of one dimension. */
  public String longs(String name, long... values) {
    return constant(Tensors.longs(name, Arrays.stream(values).boxed().toList()));
  }

  public byte[] toByteArray() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("facet")
        .setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .build()
        .toByteArray();
  }

  private String constant(TensorProto tensor) {
    graph.addInitializer(tensor);
    return take(tensor.getName());
  }

  private String take(String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("the graph has a value '%s' already".formatted(name));
    }
    return name;
  }

  private static List<Dimension> dimensions(String... dimensions) {
    return Arrays.stream(dimensions)
        .map(
            dimension ->
                Character.isDigit(dimension.charAt(0))
                    ? Values.dimension(Long.parseLong(dimension))
                    : Dimension.newBuilder().setDimParam(dimension).build())
        .toList();
  }
}
