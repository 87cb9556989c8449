package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of modules in {@code docs/design.md} is what the build does. */
class ModuleRulesTest {
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z-]+)/` \\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);
  private static final Pattern OWN_DEPENDENCY =
      Pattern.compile(
          "<groupId>dev\\.facet</groupId>\\s*<artifactId>([a-z-]+)</artifactId>(?!\\s*<version>)");
  private static final Pattern EXCLUSIONS = Pattern.compile("(?s)<exclusions>.*?</exclusions>");
  private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

  @Test
  void everyModuleUsesOnlyWhatTheDesignAllows() throws IOException {
    Map<String, Set<String>> allowed = designTable();
    for (String module : modules()) {
      assertThat(allowed).as("a row for %s in docs/design.md", module).containsKey(module);
      String pom = EXCLUSIONS.matcher(read(module + "/pom.xml")).replaceAll("");
      Set<String> used = new TreeSet<>(find(OWN_DEPENDENCY, pom));
      assertThat(allowed.getOrDefault(module, Set.of())).as(module).containsAll(used);
    }
  }

  @Test
  void modulesAreListedInTheOrderOfTheDesign() throws IOException {
    List<String> inDesign = designTable().keySet().stream().filter(modules()::contains).toList();
    assertThat(modules()).isEqualTo(inDesign);
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIs() throws IOException {
    for (String module : modules()) {
      for (Path source :
          List.of(Path.of(module, "src/main/java"), Path.of(module, "src/test/java"))) {
        for (Path folder : packages(Repository.ROOT.resolve(source))) {
          if (folder.endsWith(Path.of("dev/facet/proto"))) {
            continue; // only generated code lives there
          }
          boolean test = source.endsWith("test/java");
          Path marker = folder.resolve("package-info.java");
          Path mainMarker =
              Repository.ROOT
                  .resolve(module)
                  .resolve("src/main/java")
                  .resolve(Repository.ROOT.resolve(source).relativize(folder))
                  .resolve("package-info.java");
          assertThat(Files.exists(marker) || (test && Files.exists(mainMarker)))
              .as("%s has a package-info.java", Repository.ROOT.relativize(folder))
              .isTrue();
          if (Files.exists(marker)) {
            assertThat(Files.readString(marker)).contains("@NullMarked").contains("/**");
          }
        }
      }
    }
  }

  private static Map<String, Set<String>> designTable() throws IOException {
    Map<String, Set<String>> rows = new LinkedHashMap<>();
    Matcher row = ROW.matcher(read("docs/design.md"));
    while (row.find()) {
      rows.put(
          row.group(1),
          Arrays.stream(row.group(2).split(","))
              .map(String::strip)
              .filter(name -> !name.isEmpty())
              .collect(Collectors.toSet()));
    }
    return rows;
  }

  private static List<String> modules() throws IOException {
    return find(MODULE, read("pom.xml"));
  }

  private static List<Path> packages(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(source)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .toList();
    }
  }

  private static List<String> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(Repository.ROOT.resolve(file));
  }
}
