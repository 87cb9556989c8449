package dev.facet.models.graph;

import dev.facet.models.graph.onnx.AttributeProto;
import dev.facet.models.graph.onnx.GraphProto;
import dev.facet.models.graph.onnx.NodeProto;
import java.util.HashSet;
import java.util.Set;

/**
 * The names of values in a graph, which its nodes' sub-graphs see and must not take again, and of
 * its nodes, since a node is called as the value that it makes.
 */
final class ValueNames {

  private final Set<String> taken = new HashSet<>();

  ValueNames(GraphProto graph) {
    collect(graph, taken);
  }

  /** A name that nothing in the graph or a sub-graph has; from now on it is taken. */
  String fresh(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  /** Makes sure that a name is free: what has it, if anything, is renamed everywhere. */
  void vacate(String name, GraphProto.Builder graph) {
    if (taken.contains(name)) {
      rename(graph, name, fresh(name));
      taken.remove(name);
    }
  }

  /** Takes a name that is known to be free. */
  void take(String name) {
    taken.add(name);
  }

  /** Whether a node reads a value, by itself or in a sub-graph. */
  static boolean reads(NodeProto node, String value) {
    return readBy(node).contains(value);
  }

  /** The values that a node reads, and all names in its sub-graphs. */
  static Set<String> readBy(NodeProto node) {
    Set<String> read = new HashSet<>(node.getInputList());
    collectInner(node, read);
    return read;
  }

  private static void collect(GraphProto graph, Set<String> names) {
    graph.getInputList().forEach(value -> names.add(value.getName()));
    graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getInputList());
      names.addAll(node.getOutputList());
      names.add(node.getName());
      collectInner(node, names);
    }
  }

  private static void collectInner(NodeProto node, Set<String> names) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        collect(attribute.getG(), names);
      }
      attribute.getGraphsList().forEach(inner -> collect(inner, names));
    }
  }

  private static void rename(GraphProto.Builder graph, String from, String to) {
    graph.getInputBuilderList().forEach(value -> value.setName(swap(value.getName(), from, to)));
    graph.getOutputBuilderList().forEach(value -> value.setName(swap(value.getName(), from, to)));
    graph
        .getInitializerBuilderList()
        .forEach(tensor -> tensor.setName(swap(tensor.getName(), from, to)));
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      if (node.getName().equals(from)) {
        node.setName(to);
      }
      for (int i = 0; i < node.getInputCount(); i++) {
        node.setInput(i, swap(node.getInput(i), from, to));
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        node.setOutput(i, swap(node.getOutput(i), from, to));
      }
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          rename(attribute.getGBuilder(), from, to);
        }
        attribute.getGraphsBuilderList().forEach(inner -> rename(inner, from, to));
      }
    }
  }

  private static String swap(String name, String from, String to) {
    return name.equals(from) ? to : name;
  }
}
