package dev.facet.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.facet.bootstrap.RequestChecks;
import java.util.Map;
import java.util.TreeMap;

/** Free metadata: a {@code Struct} on the wire, a JSON object in the ledger. */
final class MetadataMessages {
  private static final int MAX_BYTES = 16 * 1024;
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private MetadataMessages() {}

  static void check(RequestChecks checks, String field, Struct metadata) {
    checks.expect(
        metadata.getSerializedSize() <= MAX_BYTES,
        field,
        "must have at most %d bytes".formatted(MAX_BYTES));
    checks.expect(
        isFinite(metadata), field, "must have finite numbers, and values where it has names");
  }

  /** A checked struct as a JSON object. */
  static String json(Struct metadata) {
    return print(metadata);
  }

  /** The members of a checked struct, each as JSON. */
  static Map<String, String> members(Struct metadata) {
    Map<String, String> members = new TreeMap<>();
    metadata.getFieldsMap().forEach((name, value) -> members.put(name, print(value)));
    return members;
  }

  /** The inverse of {@link #json}. */
  static Struct struct(String json) {
    try {
      Struct.Builder metadata = Struct.newBuilder();
      JsonFormat.parser().merge(json, metadata);
      return metadata.build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The ledger gave back other metadata than was put", e);
    }
  }

  private static String print(MessageOrBuilder message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("The metadata was not checked", e);
    }
  }

  /** JSON has no NaN, no infinity, and no value without a kind. */
  private static boolean isFinite(Struct struct) {
    return struct.getFieldsMap().values().stream().allMatch(MetadataMessages::isFinite);
  }

  private static boolean isFinite(Value value) {
    return switch (value.getKindCase()) {
      case NULL_VALUE, STRING_VALUE, BOOL_VALUE -> true;
      case NUMBER_VALUE -> Double.isFinite(value.getNumberValue());
      case STRUCT_VALUE -> isFinite(value.getStructValue());
      case LIST_VALUE ->
          value.getListValue().getValuesList().stream().allMatch(MetadataMessages::isFinite);
      case KIND_NOT_SET -> false;
    };
  }
}
