package dev.facet.models.checkpoint;

import io.jhdf.api.Attribute;
import io.jhdf.api.Group;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lists of names that Keras keeps in attributes.
 *
 * <p>Strings of variable length lie in heaps, each of which jHDF reads whole, and again for the
 * next list; how large the heaps of all names may be together is limited.
 */
final class Hdf5Names {

  private static final long MOST_HEAP_BYTES = 128 << 20;

  /** Four bytes of length, eight of the heap's address, four of the index there. */
  private static final int REFERENCE_BYTES = 16;

  private static final int ADDRESS_AT = 4;
  private static final int HEAP_SIZE_AT = 8;

  private final ByteBuffer file;
  private long heapBytes;

  /**
   * @param file little-endian, from its first byte
   */
  Hdf5Names(ByteBuffer file) {
    this.file = file;
  }

  /** A list of names; Keras cuts one that is too long for an attribute into NAME0, NAME1, .... */
  List<String> list(Group group, String attribute) {
    @Nullable Attribute whole = group.getAttribute(attribute);
    if (whole != null) {
      return strings(whole);
    }
    List<String> names = new ArrayList<>();
    @Nullable Attribute part = group.getAttribute(attribute + 0);
    for (int i = 1; part != null; i++) {
      names.addAll(strings(part));
      part = group.getAttribute(attribute + i);
    }
    if (names.isEmpty()) {
      throw new CheckpointException(
          "'%s' has no attribute '%s', so it is not in Keras' layout"
              .formatted(group.getPath(), attribute));
    }
    return names;
  }

  private List<String> strings(Attribute attribute) {
    // A layer without weights has an empty list, of no type in particular.
    if (attribute.isEmpty()) {
      return List.of();
    }
    DataType type = attribute.getDataType();
    if (type instanceof VariableLength variable && variable.isVariableLengthString()) {
      payForHeaps(attribute.getBuffer(), type.getSize());
    } else if (!(type instanceof StringData)) {
      throw noList(attribute);
    }
    return attribute.getData() instanceof String[] strings
        ? Arrays.asList(strings)
        : List.of(attribute.getData().toString());
  }

  private void payForHeaps(ByteBuffer references, int size) {
    if (size != REFERENCE_BYTES) {
      throw new CheckpointException("references of %d bytes to names".formatted(size));
    }
    references.order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at <= references.limit() - REFERENCE_BYTES; at += REFERENCE_BYTES) {
      int heap = Math.toIntExact(references.getLong(at + ADDRESS_AT));
      heapBytes += Math.max(0, file.getLong(heap + HEAP_SIZE_AT));
      if (heapBytes > MOST_HEAP_BYTES || heapBytes < 0) {
        throw new CheckpointException("more than %,d bytes of names".formatted(MOST_HEAP_BYTES));
      }
    }
  }

  private static CheckpointException noList(Attribute attribute) {
    return new CheckpointException(
        "attribute '%s' is no list of names".formatted(attribute.getName()));
  }
}
