package dev.facet.models.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TensorFlow.js weights: a JSON manifest of groups, each a list of tensors and a list of shards,
 * whose bytes one after another are the tensors' numbers.
 *
 * <p>The manifest is the root of the JSON or its member {@code weightsManifest}, as in a whole
 * model. Numbers of one or two bytes with {@code scale} and {@code min} stand for number × scale +
 * min, in double as in JavaScript.
 */
final class WeightManifest {

  private static final int LARGEST_MANIFEST_BYTES = 4 << 20;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Group(@Nullable List<String> paths, @Nullable List<Entry> weights) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Entry(
      @Nullable String name,
      @Nullable List<Integer> shape,
      @Nullable String dtype,
      @Nullable Quantization quantization) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Quantization(
      @Nullable String dtype, @Nullable Double scale, @Nullable Double min) {}

  private final Map<String, Path> shards = new LinkedHashMap<>();
  private final Budget budget;
  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  private WeightManifest(List<Path> shards, Budget budget) {
    for (Path shard : shards) {
      this.shards.put(shard.getFileName().toString(), shard);
    }
    this.budget = budget;
  }

  static Weights read(Path manifest, List<Path> shards, Budget budget) throws IOException {
    WeightManifest reading = new WeightManifest(shards, budget);
    for (@Nullable Group group : groups(manifest)) {
      reading.read(given(group, "paths"));
    }
    if (reading.tensors.isEmpty() || !reading.shards.isEmpty()) {
      throw new CheckpointException(
          "it lists %d tensors and not the files %s"
              .formatted(reading.tensors.size(), reading.shards.keySet()));
    }
    return new Weights(reading.tensors);
  }

  private static List<Group> groups(Path manifest) throws IOException {
    if (Files.size(manifest) > LARGEST_MANIFEST_BYTES) {
      throw new CheckpointException(
          "a manifest of %,d bytes; the most is %,d"
              .formatted(Files.size(manifest), LARGEST_MANIFEST_BYTES));
    }
    // Token by token: a tree of the whole would take tens of bytes for each byte of JSON.
    try (JsonParser in = JSON.createParser(manifest.toFile())) {
      if (in.nextToken() == JsonToken.START_OBJECT) {
        skipTo(in, "weightsManifest");
      }
      if (in.currentToken() != JsonToken.START_ARRAY) {
        throw new CheckpointException("it has no list of weights");
      }
      return Arrays.asList(in.readValueAs(Group[].class));
    } catch (JsonProcessingException e) {
      throw new CheckpointException("no manifest: " + e.getOriginalMessage(), e);
    }
  }

  private static void skipTo(JsonParser in, String member) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = in.currentName().equals(member);
      in.nextToken();
      if (found) {
        return;
      }
      in.skipChildren();
    }
  }

  private void read(Group group) throws IOException {
    try (Shards bytes = new Shards(given(group.paths(), "paths"), shards)) {
      for (@Nullable Entry each : given(group.weights(), "weights")) {
        Entry entry = given(each, "name");
        String name = given(entry.name(), "name");
        if (tensors.put(name, tensor(name, entry, bytes)) != null) {
          throw new CheckpointException("two tensors '%s'".formatted(name));
        }
      }
      bytes.requireEnd();
    }
  }

  private WeightTensor tensor(String name, Entry entry, Shards shards) throws IOException {
    @Nullable Quantization quantization = entry.quantization();
    String stored = given(quantization == null ? entry.dtype() : quantization.dtype(), "dtype");
    ElementType type =
        switch (stored) {
          case "float32" -> ElementType.FLOAT32;
          case "float16" -> ElementType.FLOAT16;
          case "int32" -> ElementType.INT32;
          case "uint16" -> ElementType.UINT16;
          case "uint8", "bool" -> ElementType.UINT8;
          default ->
              throw new CheckpointException("tensor '%s' of type '%s'".formatted(name, stored));
        };
    List<Integer> shape = given(entry.shape(), "shape");
    int count = count(name, shape);
    byte[] bytes = budget.bytes((long) count * type.bytes(), "tensor '%s'".formatted(name));
    shards.read(bytes, name);
    float[] values = budget.floats(count, "tensor '%s'".formatted(name));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (quantization == null || type == ElementType.FLOAT16) {
      type.read(buffer, 0, values);
    } else {
      double scale = given(quantization.scale(), "scale");
      double min = given(quantization.min(), "min");
      for (int i = 0; i < count; i++) {
        values[i] = (float) (type.at(buffer, i) * scale + min);
      }
    }
    budget.giveBack(bytes.length);
    return new WeightTensor(shape, values);
  }

  private static int count(String name, List<Integer> shape) {
    double count = 1;
    for (@Nullable Integer length : shape) {
      if (length == null || length < 0) {
        throw new CheckpointException("tensor '%s' of shape %s".formatted(name, shape));
      }
      count *= length;
    }
    if (count > Checkpoint.LARGEST_FILE_BYTES) {
      throw new CheckpointException("tensor '%s' of %,.0f numbers".formatted(name, count));
    }
    return (int) count;
  }

  private static <T> T given(@Nullable T value, String field) {
    if (value == null) {
      throw new CheckpointException("an entry without '%s'".formatted(field));
    }
    return value;
  }
}
