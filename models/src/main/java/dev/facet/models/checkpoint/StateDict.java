package dev.facet.models.checkpoint;

import dev.facet.models.checkpoint.Pickled.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the tensors of a PyTorch checkpoint by name.
 *
 * <p>A checkpoint is a dictionary from names to tensors, or one that has such a dictionary under a
 * customary key beside the optimiser's state and the like. A linear layer that was quantised
 * dynamically keeps weight and bias as one pair under {@code X._packed_params._packed_params}; they
 * become {@code X.weight} and {@code X.bias}, as in the float layer.
 */
final class StateDict {

  private static final List<String> WRAPPERS = List.of("state_dict", "model_state_dict", "model");
  private static final String PACKED_PAIR = "._packed_params._packed_params";
  private static final String PACKED = "._packed_params.";

  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();

  private StateDict() {}

  /**
   * The tensors of a checkpoint in its order.
   *
   * @throws CheckpointException if it has none
   */
  static Map<String, TorchTensor> tensors(Object checkpoint) {
    StateDict found = new StateDict();
    found.addAll(checkpoint);
    if (found.tensors.isEmpty() && checkpoint instanceof Map<?, ?> outer) {
      WRAPPERS.stream().filter(outer::containsKey).map(outer::get).limit(1).forEach(found::addAll);
    }
    if (found.tensors.isEmpty()) {
      throw new CheckpointException("no dictionary of tensors in it");
    }
    return found.tensors;
  }

  private void addAll(Object dictionary) {
    if (dictionary instanceof Map<?, ?> entries) {
      entries.forEach(
          (key, value) -> {
            if (key instanceof String name) {
              add(name, value);
            }
          });
    }
  }

  private void add(String name, Object value) {
    if (value instanceof TorchTensor tensor) {
      // Before version 3 of the quantised layer weight and bias were entries of their own.
      put(name.replace(PACKED, "."), tensor);
    } else if (name.endsWith(PACKED_PAIR) && value instanceof Tuple pair && pair.size() == 2) {
      String layer = name.substring(0, name.length() - PACKED_PAIR.length());
      put(layer + ".weight", pair.item(0, TorchTensor.class));
      if (pair.items().get(1) instanceof TorchTensor bias) {
        put(layer + ".bias", bias);
      }
    }
  }

  private void put(String name, TorchTensor tensor) {
    if (tensors.put(name, tensor) != null) {
      throw new CheckpointException("two tensors '%s'".formatted(name));
    }
  }
}
