package dev.facet.models.network;

import dev.facet.models.checkpoint.WeightTensor;
import dev.facet.models.checkpoint.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Weights with something wrong. */
final class Altered {

  private Altered() {}

  /** The same without one tensor. */
  static Weights without(Weights weights, String name) {
    Map<String, WeightTensor> rest = copy(weights, Function.identity());
    rest.remove(name);
    return new Weights(rest);
  }

  /** The same with one tensor of another shape. */
  static Weights with(Weights weights, String name, int... shape) {
    Map<String, WeightTensor> changed = copy(weights, Function.identity());
    changed.put(name, new FormulaWeights().tensor(name, shape).weights().tensor(name));
    return new Weights(changed);
  }

  static Map<String, WeightTensor> copy(Weights weights, Function<String, String> rename) {
    Map<String, WeightTensor> copy = new LinkedHashMap<>();
    weights.names().forEach(name -> copy.put(rename.apply(name), weights.tensor(name)));
    return copy;
  }
}
