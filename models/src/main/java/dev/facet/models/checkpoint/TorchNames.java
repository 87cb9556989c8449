package dev.facet.models.checkpoint;

import dev.facet.models.checkpoint.Pickled.Constant;
import dev.facet.models.checkpoint.Pickled.Function;
import dev.facet.models.checkpoint.Pickled.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The classes and functions of Python and PyTorch that a state dict may name; no others. */
final class TorchNames implements PickleReader.Names {

  private static final String PER_TENSOR = "per_tensor_affine";
  private static final String PER_CHANNEL = "per_channel_affine";
  private static final String PER_CHANNEL_FLOAT = "per_channel_affine_float_qparams";

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("DoubleStorage", ElementType.FLOAT64),
          Map.entry("FloatStorage", ElementType.FLOAT32),
          Map.entry("HalfStorage", ElementType.FLOAT16),
          Map.entry("BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("LongStorage", ElementType.INT64),
          Map.entry("IntStorage", ElementType.INT32),
          Map.entry("ShortStorage", ElementType.INT16),
          Map.entry("CharStorage", ElementType.INT8),
          Map.entry("ByteStorage", ElementType.UINT8),
          Map.entry("BoolStorage", ElementType.UINT8),
          Map.entry("QInt8Storage", ElementType.INT8),
          Map.entry("QUInt8Storage", ElementType.UINT8),
          Map.entry("QInt32Storage", ElementType.INT32));

  private static final List<String> CONSTANTS =
      List.of(
          "float64",
          "float32",
          "float16",
          "bfloat16",
          "int64",
          "int32",
          "int16",
          "int8",
          "uint8",
          "bool",
          "qint8",
          "quint8",
          "qint32",
          "strided",
          "contiguous_format",
          "preserve_format",
          "channels_last",
          PER_TENSOR,
          PER_CHANNEL,
          PER_CHANNEL_FLOAT);

  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "collections.OrderedDict",
          TorchNames::orderedDictionary,
          "torch._utils._rebuild_tensor",
          TorchNames::tensor,
          "torch._utils._rebuild_tensor_v2",
          TorchNames::tensor,
          "torch._utils._rebuild_qtensor",
          TorchNames::quantised,
          "torch._utils._rebuild_parameter",
          arguments -> arguments.item(0, TorchTensor.class),
          "torch.Size",
          arguments -> arguments.item(0, Tuple.class),
          "torch.device",
          arguments -> new Constant(arguments.item(0, String.class)),
          "torch.serialization._get_layout",
          arguments -> new Constant(arguments.item(0, String.class)));

  @Override
  public Object find(String module, String name) {
    String whole = module + "." + name;
    @Nullable Object function = FUNCTIONS.get(whole);
    if (function != null) {
      return function;
    }
    if (module.equals("torch")) {
      @Nullable Object storage = STORAGES.get(name);
      if (storage != null) {
        return storage;
      }
      if (CONSTANTS.contains(name)) {
        return new Constant(name);
      }
    }
    throw new CheckpointException(
        "the pickle wants '%s', which weights do not need".formatted(whole));
  }

  /**
   * A storage: {@code ("storage", type, key, device, numbers)}, an older file with a sixth item.
   */
  @Override
  public Object outside(Object id) {
    if (!(id instanceof Tuple tuple) || !tuple.item(0, String.class).equals("storage")) {
      throw new CheckpointException("the pickle refers to something that is no storage");
    }
    if (tuple.size() > 5 && tuple.items().get(5) != Pickled.None.NONE) {
      throw new CheckpointException("a view of a storage, which PyTorch wrote before 0.4 only");
    }
    return new Storage(
        tuple.item(1, ElementType.class), tuple.item(2, String.class), tuple.item(4, Long.class));
  }

  private static Object orderedDictionary(Tuple arguments) {
    if (arguments.size() != 0) {
      throw new CheckpointException("an ordered dictionary made from something");
    }
    return new LinkedHashMap<Object, Object>(0);
  }

  /** {@code (storage, offset, shape, strides, ...)}. */
  private static TorchTensor tensor(Tuple arguments) {
    return view(arguments, Optional.empty());
  }

  /** {@code (storage, offset, shape, strides, (scheme, ...), ...)}. */
  private static TorchTensor quantised(Tuple arguments) {
    Tuple parameters = arguments.item(4, Tuple.class);
    String scheme = parameters.item(0, Constant.class).name();
    Quantizer quantizer =
        switch (scheme) {
          case PER_TENSOR ->
              new Quantizer.PerTensor(
                  parameters.item(1, Double.class), parameters.item(2, Long.class));
          case PER_CHANNEL, PER_CHANNEL_FLOAT ->
              new Quantizer.PerChannel(
                  parameters.item(1, TorchTensor.class),
                  parameters.item(2, TorchTensor.class),
                  Math.toIntExact(Math.clamp(parameters.item(3, Long.class), -1, 64)));
          default -> throw new CheckpointException("quantisation by '%s'".formatted(scheme));
        };
    return view(arguments, Optional.of(quantizer));
  }

  private static TorchTensor view(Tuple arguments, Optional<Quantizer> quantizer) {
    return new TorchTensor(
        arguments.item(0, Storage.class),
        arguments.item(1, Long.class),
        arguments.item(2, Tuple.class).longs(),
        arguments.item(3, Tuple.class).longs(),
        quantizer);
  }
}
