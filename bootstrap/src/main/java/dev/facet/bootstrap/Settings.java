package dev.facet.bootstrap;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the settings of a service, a tree of records whose leaves carry {@link Setting}.
 *
 * <p>The component {@code maxMessageBytes} of the component {@code grpc} has the key {@code
 * grpc.max-message-bytes}. Its value is the first of: the argument {@code
 * grpc.max-message-bytes=…}, the environment variable {@code FACET_GRPC_MAX_MESSAGE_BYTES}, the
 * line in the properties file named by {@code --config FILE}, the default. Leaves are String, int,
 * long, double, boolean, Duration, Path, enums, {@code List<String>}, and Optional of these.
 *
 * <p>Ranges and agreements between components are checked in the records' compact constructors,
 * which throw {@link IllegalArgumentException}. Nothing is repaired: any problem stops the service,
 * and all problems are told together.
 */
public final class Settings {
  private static final Logger log = LoggerFactory.getLogger(Settings.class);

  private final Map<String, Knob> knobs;
  private final SettingsSources sources;
  private final List<String> problems;
  private final List<String> effective;

  private Settings(
      Map<String, Knob> knobs,
      SettingsSources sources,
      List<String> problems,
      List<String> effective) {
    this.knobs = knobs;
    this.sources = sources;
    this.problems = problems;
    this.effective = effective;
  }

  /**
   * Reads the settings and logs the effective values, secrets masked.
   *
   * @throws SettingsException with every problem found
   */
  public static <T extends Record> T load(Class<T> type, String... args) {
    return load(type, System.getenv(), args);
  }

  /** The settings as they are where nothing is set, whatever the environment says. */
  public static <T extends Record> T defaults(Class<T> type) {
    return read(type, Map.of(), List.of(), new ArrayList<>());
  }

  static <T extends Record> T load(Class<T> type, Map<String, String> environment, String... args) {
    List<String> effective = new ArrayList<>();
    T record = read(type, environment, Arrays.asList(args), effective);
    log.info("Settings:\n  {}", String.join("\n  ", effective));
    return record;
  }

  /** Adds what was found, and where, to the effective values. */
  private static <T extends Record> T read(
      Class<T> type, Map<String, String> environment, List<String> args, List<String> effective) {
    List<String> problems = new ArrayList<>();
    Map<String, Knob> knobs = Knob.all(type);
    SettingsSources sources = new SettingsSources(knobs, environment, args, problems);
    Settings settings = new Settings(knobs, sources, problems, effective);
    T record = settings.build("", type);
    if (record == null || !problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return record;
  }

  /** Prints the {@link #table} and returns true if an argument asks for it with {@code --help}. */
  public static boolean help(Class<? extends Record> type, String... args) {
    boolean asked = Arrays.asList(args).contains("--help");
    if (asked) {
      System.out.print(table(type));
    }
    return asked;
  }

  /** The knobs of a settings record as a Markdown table: key, default, unit, meaning. */
  public static String table(Class<? extends Record> type) {
    StringBuilder table =
        new StringBuilder("| key | default | unit | meaning |\n|---|---|---|---|");
    for (Knob knob : Knob.all(type).values()) {
      Setting setting = knob.setting();
      String standard = knob.standard().isBlank() ? "" : "`" + knob.standard() + "`";
      table.append(
          "\n| `%s` | %s | %s | %s |"
              .formatted(knob.key(), standard, setting.unit(), setting.doc()));
    }
    return table.append('\n').toString();
  }

  /** Null if something under the record is wrong; the problems then say what. */
  private <T> @Nullable T build(String prefix, Class<T> type) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = Knob.key(prefix, components[i]);
      values[i] =
          components[i].getType().isRecord()
              ? build(key, components[i].getType())
              : read(Objects.requireNonNull(knobs.get(key)));
    }
    if (Arrays.asList(values).contains(null)) {
      return null;
    }
    try {
      return constructor(type, components).newInstance(values);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IllegalArgumentException complaint)) {
        throw new IllegalStateException("The constructor of " + type + " failed", e.getCause());
      }
      problems.add((prefix.isEmpty() ? "" : prefix + ": ") + complaint.getMessage());
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be built", e);
    }
  }

  private @Nullable Object read(Knob knob) {
    SettingsSources.Found found = sources.find(knob);
    String text = found.text();
    effective.add("%s = %s (%s)".formatted(knob.key(), knob.shown(text), found.source()));
    if (text.isBlank() && !SettingType.mayBeBlank(knob.type())) {
      problems.add(
          found.source().equals("default")
              ? "%s must be set: %s".formatted(knob.key(), knob.setting().doc())
              : "%s is blank (%s)".formatted(knob.key(), found.source()));
      return null;
    }
    try {
      return SettingType.parse(knob.type(), text);
    } catch (IllegalArgumentException e) {
      String complaint = knob.setting().secret() ? "has the wrong form" : e.getMessage();
      problems.add(
          "%s = \"%s\" (%s) %s".formatted(knob.key(), knob.shown(text), found.source(), complaint));
      return null;
    }
  }

  private static <T> Constructor<T> constructor(Class<T> type, RecordComponent[] components)
      throws NoSuchMethodException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<T> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }
}
