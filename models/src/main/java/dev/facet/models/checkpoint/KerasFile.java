package dev.facet.models.checkpoint;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keras weights in HDF5, as {@code save_weights("x.h5")} writes them: the root's attribute {@code
 * layer_names} lists groups, the {@code weight_names} of each the datasets in it. A whole model has
 * the same under {@code model_weights}.
 *
 * <p>The file is mapped, not read: jHDF then takes slices of the mapping where it would allocate by
 * numbers of the file.
 */
final class KerasFile {

  private static final String WHOLE_MODEL = "model_weights";

  private final Hdf5Names names;
  private final Budget budget;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  private KerasFile(Hdf5Names names, Budget budget) {
    this.names = names;
    this.budget = budget;
  }

  static Weights read(Path file, Budget budget) throws IOException {
    // Shared, since jHDF may use other threads.
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofShared()) {
      ByteBuffer mapped =
          channel
              .map(MapMode.READ_ONLY, 0, channel.size(), arena)
              .asByteBuffer()
              .order(ByteOrder.LITTLE_ENDIAN);
      Hdf5Structure.check(mapped);
      try (HdfFile hdf = HdfFile.fromByteBuffer(mapped)) {
        KerasFile reading = new KerasFile(new Hdf5Names(mapped), budget);
        reading.readLayers(hdf.getChild(WHOLE_MODEL) instanceof Group model ? model : hdf);
        return new Weights(reading.tensors);
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // From jHDF, which throws what comes.
      throw new CheckpointException("damaged, or of a kind that is not read", e);
    }
  }

  private void readLayers(Group root) {
    for (String layer : names.list(root, "layer_names")) {
      if (!(root.getChild(layer) instanceof Group group)) {
        throw new CheckpointException("no group '%s'".formatted(layer));
      }
      for (String weight : names.list(group, "weight_names")) {
        if (!(node(group, weight) instanceof Dataset dataset)) {
          throw new CheckpointException("no dataset '%s' in '%s'".formatted(weight, layer));
        }
        if (tensors.put(weight, tensor(weight, dataset)) != null) {
          throw new CheckpointException("two tensors '%s'".formatted(weight));
        }
      }
    }
    if (tensors.isEmpty()) {
      throw new CheckpointException("its layers have no weights");
    }
  }

  private static @Nullable Node node(Group group, String path) {
    @Nullable Node node = group;
    for (String name : path.split("/", -1)) {
      node = node instanceof Group parent ? parent.getChild(name) : null;
    }
    return node;
  }

  private WeightTensor tensor(String name, Dataset dataset) {
    int[] shape = dataset.getDimensions();
    double elements = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
    ElementType type = type(name, dataset.getDataType());
    if (!(dataset instanceof DatasetBase base)
        || elements * type.bytes() > Checkpoint.LARGEST_FILE_BYTES) {
      throw new CheckpointException("tensor '%s' of %,.0f numbers".formatted(name, elements));
    }
    float[] values = budget.floats((long) elements, "tensor '%s'".formatted(name));
    if (values.length > 0) {
      type.read(base.getDataBuffer(), 0, values);
    }
    return new WeightTensor(Arrays.stream(shape).boxed().toList(), values);
  }

  private static ElementType type(String name, DataType type) {
    return switch (type) {
      case FloatingPoint _ when type.getSize() == 8 -> ElementType.FLOAT64;
      case FloatingPoint _ when type.getSize() == 4 -> ElementType.FLOAT32;
      case FloatingPoint _ when type.getSize() == 2 -> ElementType.FLOAT16;
      case FixedPoint whole when whole.isSigned() && type.getSize() == 8 -> ElementType.INT64;
      case FixedPoint whole when whole.isSigned() && type.getSize() == 4 -> ElementType.INT32;
      default ->
          throw new CheckpointException(
              "tensor '%s' of the type %s".formatted(name, type.getClass().getSimpleName()));
    };
  }
}
