package dev.facet.models.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.facet.models.graph.onnx.ModelProto;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Refuses files that would take far more memory parsed than they have bytes.
 *
 * <p>A message of two bytes becomes an object of a hundred, so a hostile file of nothing but empty
 * nodes grows fifty-fold. This walk over the raw bytes allocates nothing and counts the elements
 * that parsing would make; a model of today has some ten thousand, its bulk being a few long
 * arrays.
 */
final class ParseBudget {

  static final int MOST_ELEMENTS = 500_000;
  private static final int DEEPEST_NESTING = 64;

  private int elements;

  private ParseBudget() {}

  /**
   * Walks over a file.
   *
   * @throws GraphException if it is malformed or has too many or too deeply nested elements
   */
  static void check(byte[] file) {
    try {
      new ParseBudget().walk(CodedInputStream.newInstance(file), ModelProto.getDescriptor(), 0);
    } catch (IOException e) {
      throw new GraphException("not an ONNX file, or cut short", e);
    }
  }

  private void walk(CodedInputStream in, Descriptor message, int depth) throws IOException {
    if (depth > DEEPEST_NESTING) {
      throw new GraphException("messages nested deeper than " + DEEPEST_NESTING);
    }
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      spend(1);
      FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      switch (WireFormat.getTagWireType(tag)) {
        case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(in, field, depth);
        // ONNX has none, and they could nest without limit.
        case WireFormat.WIRETYPE_START_GROUP, WireFormat.WIRETYPE_END_GROUP ->
            throw new GraphException("not an ONNX file");
        default -> in.skipField(tag);
      }
    }
  }

  private void delimited(CodedInputStream in, @Nullable FieldDescriptor field, int depth)
      throws IOException {
    int length = in.readRawVarint32();
    if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
      int outer = in.pushLimit(length);
      walk(in, field.getMessageType(), depth + 1);
      in.popLimit(outer);
      return;
    }
    if (field != null && field.getJavaType() == FieldDescriptor.JavaType.LONG) {
      spend(length);
    }
    in.skipRawBytes(length);
  }

  private void spend(int count) {
    elements += count;
    if (elements > MOST_ELEMENTS || elements < 0) {
      throw new GraphException("more than %,d elements".formatted(MOST_ELEMENTS));
    }
  }
}
