package dev.facet.bootstrap;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the text of a setting as the type of its record component. */
final class SettingType {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private SettingType() {}

  /** Whether a blank text is a value of this type. */
  static boolean mayBeBlank(Type type) {
    return type instanceof ParameterizedType;
  }

  /**
   * Throws {@link IllegalArgumentException} with the expectation ("is not a whole number"), without
   * the text itself, which may be a secret.
   */
  static Object parse(Type type, String text) {
    if (type instanceof ParameterizedType generic) {
      Type element = generic.getActualTypeArguments()[0];
      if (generic.getRawType() == Optional.class) {
        return text.isBlank() ? Optional.empty() : Optional.of(parse(element, text));
      }
      if (generic.getRawType() == List.class && element == String.class) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
      }
    } else if (type instanceof Class<?> leaf) {
      return leaf(leaf, text);
    }
    throw unsupported(type);
  }

  private static Object leaf(Class<?> type, String text) {
    if (type == String.class) {
      return text;
    } else if (type == int.class || type == Integer.class) {
      return whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
    } else if (type == long.class || type == Long.class) {
      return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return finite(text);
    } else if (type == boolean.class || type == Boolean.class) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("is neither true nor false");
      };
    } else if (type == Duration.class) {
      return duration(text);
    } else if (type == Path.class) {
      return Path.of(text); // InvalidPathException is an IllegalArgumentException
    } else if (type.isEnum()) {
      return constant(type, text);
    }
    throw unsupported(type);
  }

  private static Long whole(String text, long least, long most) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("is not a whole number", e);
    }
    if (value < least || value > most) {
      throw new IllegalArgumentException("is not between " + least + " and " + most);
    }
    return value;
  }

  private static Double finite(String text) {
    try {
      double value = Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The same complaint as for NaN and infinity.
    }
    throw new IllegalArgumentException("is not a finite number");
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a duration such as 250ms, 5s, 2m, 1h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static Object constant(Class<?> type, String text) {
    Object[] constants = type.getEnumConstants();
    for (Object constant : constants) {
      if (spelled(constant).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        Arrays.stream(constants)
            .map(SettingType::spelled)
            .collect(Collectors.joining(", ", "is none of ", "")));
  }

  /** Enum constants are written like keys: {@code MOST_CENTRAL} is {@code most-central}. */
  private static String spelled(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static IllegalStateException unsupported(Type type) {
    return new IllegalStateException("No setting can have the type " + type.getTypeName());
  }
}
