package dev.facet.models.checkpoint;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tensors of a trained network by the names that its framework gave them. */
public class Weights {

  private final Map<String, WeightTensor> tensors;

  public Weights(Map<String, WeightTensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
  }

  /** In the order of the file. */
  public Set<String> names() {
    return tensors.keySet();
  }

  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The tensor of that name, whatever its shape.
   *
   * @throws CheckpointException if there is none
   */
  public WeightTensor tensor(String name) {
    @Nullable WeightTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException("the checkpoint has no tensor '%s'".formatted(name));
    }
    return tensor;
  }

  /**
   * The values of the tensor of that name and shape.
   *
   * @throws CheckpointException if there is none, or it has another shape
   */
  public float[] values(String name, int... shape) {
    WeightTensor tensor = tensor(name);
    List<Integer> wanted = Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(wanted)) {
      throw new CheckpointException(
          "tensor '%s' has the shape %s, not %s".formatted(name, tensor.shape(), wanted));
    }
    return tensor.values();
  }
}
