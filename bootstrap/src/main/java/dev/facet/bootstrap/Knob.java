package dev.facet.bootstrap;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A leaf of a tree of settings records, with its key and its default. */
record Knob(String key, Type type, String standard, Setting setting) {
  static final String ENVIRONMENT_PREFIX = "FACET_";

  /** Every knob under a record by its key, in the order of declaration. */
  static Map<String, Knob> all(Class<?> record) {
    Map<String, Knob> knobs = new LinkedHashMap<>();
    collect("", record, knobs);
    return knobs;
  }

  private static void collect(String prefix, Class<?> record, Map<String, Knob> knobs) {
    for (RecordComponent component : record.getRecordComponents()) {
      String key = key(prefix, component);
      if (component.getType().isRecord()) {
        collect(key, component.getType(), knobs);
        adapt(key, component.getAnnotation(Group.class), knobs);
      } else {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
          throw new IllegalStateException(component + " of " + record + " lacks @Setting");
        }
        knobs.put(key, new Knob(key, component.getGenericType(), setting.value().strip(), setting));
      }
    }
  }

  private static void adapt(String prefix, @Nullable Group group, Map<String, Knob> knobs) {
    for (String line : group == null ? new String[0] : group.defaults()) {
      int equals = line.indexOf('=');
      String key = join(prefix, line.substring(0, equals));
      Knob knob = knobs.get(key);
      if (knob == null) {
        throw new IllegalStateException("@Group names the unknown key " + key);
      }
      knobs.put(key, new Knob(key, knob.type, line.substring(equals + 1).strip(), knob.setting));
    }
  }

  /** {@code maxMessageBytes} under {@code grpc} is {@code grpc.max-message-bytes}. */
  static String key(String prefix, RecordComponent component) {
    Group group = component.getAnnotation(Group.class);
    if (group != null && group.inline()) {
      return prefix;
    }
    String kebab =
        component.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    return join(prefix, kebab);
  }

  private static String join(String prefix, String key) {
    return prefix.isEmpty() ? key : prefix + "." + key;
  }

  String environmentName() {
    return ENVIRONMENT_PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  String shown(String text) {
    return setting.secret() && !text.isBlank() ? "****" : text;
  }
}
