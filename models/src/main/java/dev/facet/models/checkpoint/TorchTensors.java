package dev.facet.models.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Turns the tensors of a PyTorch file into floats, one storage after another.
 *
 * <p>Each storage is read once, all its views are taken, and it is dropped: beside the floats only
 * the bytes of one storage are in memory.
 */
final class TorchTensors {

  /** Reads the bytes of a storage, in the order of a little-endian machine. */
  @FunctionalInterface
  interface Storages {
    /** As many bytes as the storage has; the budget has paid for them. */
    ByteBuffer read(Storage storage) throws IOException;
  }

  private final Budget budget;
  private final Map<TorchTensor, float[]> values = new LinkedHashMap<>();

  private TorchTensors(Budget budget) {
    this.budget = budget;
  }

  static Weights read(Map<String, TorchTensor> tensors, Storages storages, Budget budget)
      throws IOException {
    TorchTensors reading = new TorchTensors(budget);
    for (List<TorchTensor> views : byStorage(tensors).values()) {
      reading.readViews(views, storages);
    }
    reading.values.forEach(reading::dequantise);
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> weights.put(name, reading.weight(tensor)));
    return new Weights(weights);
  }

  private static Map<String, List<TorchTensor>> byStorage(Map<String, TorchTensor> tensors) {
    Map<String, List<TorchTensor>> byStorage = new LinkedHashMap<>();
    tensors.values().stream()
        .flatMap(TorchTensors::withScales)
        .distinct()
        .forEach(
            tensor ->
                byStorage
                    .computeIfAbsent(tensor.storage().key(), _ -> new ArrayList<>())
                    .add(tensor));
    return byStorage;
  }

  private static Stream<TorchTensor> withScales(TorchTensor tensor) {
    return tensor.quantizer().orElse(null) instanceof Quantizer.PerChannel channels
        ? Stream.of(tensor, channels.scales(), channels.zeroPoints())
        : Stream.of(tensor);
  }

  private void readViews(List<TorchTensor> views, Storages storages) throws IOException {
    Storage storage = views.getFirst().storage();
    if (!views.stream().allMatch(view -> view.storage().equals(storage))) {
      throw new CheckpointException("storage '%s' has two types or sizes".formatted(storage.key()));
    }
    ByteBuffer bytes = storages.read(storage);
    for (TorchTensor view : views) {
      float[] floats = budget.floats(view.elements(), "a tensor of shape " + view.shape());
      fill(floats, view, bytes);
      values.put(view, floats);
    }
    budget.giveBack(storage.bytes());
  }

  private static void fill(float[] floats, TorchTensor view, ByteBuffer bytes) {
    ElementType type = view.storage().type();
    if (floats.length == 0) {
      return;
    }
    if (view.isContiguous()) {
      type.read(bytes, Math.toIntExact(view.offset()), floats);
      return;
    }
    int dimensions = view.shape().size();
    long[] index = new long[dimensions];
    long position = view.offset();
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) type.at(bytes, (int) position);
      for (int d = dimensions - 1; d >= 0; d--) {
        position += view.strides().get(d);
        index[d]++;
        if (index[d] < view.shape().get(d)) {
          break;
        }
        position -= index[d] * view.strides().get(d);
        index[d] = 0;
      }
    }
  }

  /** In float, as PyTorch's {@code dequantize()}. */
  private void dequantise(TorchTensor tensor, float[] floats) {
    switch (tensor.quantizer().orElse(null)) {
      case null -> {}
      case Quantizer.PerTensor(double scale, double zeroPoint) -> {
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (floats[i] - (float) zeroPoint) * (float) scale;
        }
      }
      case Quantizer.PerChannel channels -> {
        float[] scales = floats(channels.scales());
        float[] zeroPoints = floats(channels.zeroPoints());
        long inner = tensor.shape().stream().skip(channels.axis() + 1L).reduce(1L, (a, b) -> a * b);
        for (int i = 0; i < floats.length; i++) {
          int channel = (int) (i / inner % scales.length);
          floats[i] = (floats[i] - zeroPoints[channel]) * scales[channel];
        }
      }
    }
  }

  private float[] floats(TorchTensor tensor) {
    float[] floats = values.get(tensor);
    if (floats == null) {
      throw new IllegalStateException("not read: " + tensor);
    }
    return floats;
  }

  private WeightTensor weight(TorchTensor tensor) {
    return new WeightTensor(tensor.shape().stream().map(Math::toIntExact).toList(), floats(tensor));
  }
}
