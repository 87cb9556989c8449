package dev.facet.models;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.WritableTypeId;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes catalogue entries as the YAML that {@link CatalogueReader} reads. */
final class CatalogueWriter {

  private static final ObjectWriter WRITER =
      JsonMapper.builder(
              YAMLFactory.builder()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .disable(YAMLGenerator.Feature.SPLIT_LINES)
                  .disable(YAMLGenerator.Feature.USE_NATIVE_TYPE_ID)
                  .build())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .addModule(
              new SimpleModule()
                  .addSerializer(new Bare<>(Source.Mirror.class, Source.Mirror::file))
                  .addSerializer(new Bare<>(Source.Https.class, Source.Https::address))
                  .addSerializer(new Bare<>(Task.Detection.class, Task.Detection::network)))
          .configure(EnumFeature.WRITE_ENUMS_TO_LOWERCASE, true)
          .build()
          .writer();

  /** A record of one component, of which only that is written, under the word for its kind. */
  private static final class Bare<T> extends StdSerializer<T> {

    @Serial private static final long serialVersionUID = 1;

    private final transient Function<T, Object> component;

    Bare(Class<T> kind, Function<T, Object> component) {
      super(kind);
      this.component = component;
    }

    @Override
    public void serialize(T value, JsonGenerator yaml, SerializerProvider serializers)
        throws IOException {
      serializers.defaultSerializeValue(component.apply(value), yaml);
    }

    /** {@code @JsonValue} would write one word for the record and its component together. */
    @Override
    public void serializeWithType(
        T value, JsonGenerator yaml, SerializerProvider serializers, TypeSerializer types)
        throws IOException {
      WritableTypeId word = types.typeId(value, JsonToken.VALUE_EMBEDDED_OBJECT);
      types.writeTypePrefix(yaml, word);
      serialize(value, yaml, serializers);
      types.writeTypeSuffix(yaml, word);
    }
  }

  private CatalogueWriter() {}

  /**
   * A whole catalogue file.
   *
   * @throws CatalogueException if reading it back would give other entries
   */
  static byte[] write(List<ModelRecord> models) {
    byte[] yaml = yaml(Map.of("models", models)).getBytes(StandardCharsets.UTF_8);
    requireReadsAs(yaml, models);
    return yaml;
  }

  /** One entry of a catalogue's list, begun with a dash, without indent. */
  static String entry(ModelRecord model) {
    return yaml(List.of(model));
  }

  /**
   * Looks at a text before it becomes a file.
   *
   * @throws CatalogueException if it gives other entries than these
   */
  static void requireReadsAs(byte[] yaml, List<ModelRecord> models) {
    List<ModelRecord> read = CatalogueReader.read(yaml, "the catalogue to be written").models();
    if (!read.equals(models)) {
      throw new CatalogueException("the catalogue to be written would be read as other entries");
    }
  }

  private static String yaml(Object value) {
    try {
      return WRITER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new CatalogueException("the catalogue cannot be written", e);
    }
  }
}
