package dev.facet.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.models.Source;
import dev.facet.pipeline.FacePipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/library.md} shows is what is compiled, and does what it says. */
class LibraryPageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");

  @Test
  void codeOfThePageIsTheCompiledCode() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/facet/example/NearestNames.java"))
            .replaceFirst("package .*;\\s+", "");

    assertThat(blocks("java")).containsExactly(source);
  }

  @Test
  void dependencyOfThePageIsThisVersion() throws IOException {
    assertThat(blocks("xml"))
        .singleElement()
        .satisfies(
            block ->
                assertThat(first(VERSION, block))
                    .isEqualTo(first(VERSION, Files.readString(Path.of("pom.xml")))));
  }

  @Test
  void exampleKnowsWhoIsInItsFolderAndNobodyElse(@TempDir Path folder) throws IOException {
    Path photos = shared("photos");
    Path people = Files.createDirectory(folder.resolve("people"));
    Files.copy(photos.resolve("jonathan_1.jpg"), people.resolve("Jonathan.jpg"));
    Files.copy(photos.resolve("dara_1.jpg"), people.resolve("Dara.jpg"));
    try (FacePipeline pipeline =
        FacePipeline.builder()
            .cache(folder.resolve("cache"))
            .mirror(shared("models"))
            .sources(Source.Kind.MIRROR)
            .open()) {
      NearestNames names = NearestNames.of(pipeline, people);

      assertThat(nearest(names, photos.resolve("jonathan_2.jpg"))).startsWith("Jonathan, squared");
      assertThat(nearest(names, photos.resolve("dara_2.jpg"))).startsWith("Dara, squared");
      assertThat(nearest(names, photos.resolve("angelina_jolie.jpg")))
          .isEqualTo("nobody of this folder");
    }
  }

  private static String nearest(NearestNames names, Path photo) throws IOException {
    return names.nearest(names.pipeline().faces(Files.readAllBytes(photo)).getFirst());
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("(?s)```" + language + "\\n(.*?)```")
        .matcher(Files.readString(ROOT.resolve("docs/library.md")))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String first(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).findFirst().orElseThrow();
  }

  private static Path shared(String name) {
    String shared = System.getenv().getOrDefault("FACET_SHARED", ROOT + "/../shared");
    Path folder = ROOT.resolve(shared).resolve(name);
    assumeTrue(Files.isDirectory(folder), "library page: FACET_SHARED holds no " + name + "/");
    return folder;
  }
}
