package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.cli.IdentificationDraw.Known;
import dev.facet.cli.IdentificationDraw.Stranger;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdentificationDrawTest {

  /** Ten people with three photos, then ten with one. */
  private static final List<Person> PEOPLE =
      Stream.concat(
              IntStream.range(0, 10).mapToObj(i -> person("many" + i, 3)),
              IntStream.range(0, 10).mapToObj(i -> person("one" + i, 1)))
          .toList();

  private static Person person(String name, int photos) {
    return new Person(
        name, IntStream.range(0, photos).mapToObj(i -> Path.of(name, i + ".jpg")).toList());
  }

  @Test
  void theKnownHaveTwoPhotosAndStrangersAreOthers() {
    IdentificationDraw draw = IdentificationDraw.of(PEOPLE, 6, 1);

    assertThat(draw.known()).hasSize(6).doesNotHaveDuplicates();
    assertThat(draw.known())
        .allSatisfy(
            one -> {
              assertThat(one.name()).startsWith("many");
              assertThat(one.enrolled()).isNotEqualTo(one.searched());
              assertThat(one.enrolled().getParent()).hasToString(one.name());
              assertThat(one.searched().getParent()).hasToString(one.name());
            });
    assertThat(draw.strangers()).hasSize(6);
    assertThat(draw.strangers())
        .extracting(Stranger::name)
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(draw.known().stream().map(Known::name).toList());
  }

  @Test
  void strangersAreAlsoDrawnFromThoseWithManyPhotos() {
    assertThat(IdentificationDraw.of(PEOPLE, 3, 1).strangers())
        .extracting(Stranger::name)
        .anyMatch(name -> name.startsWith("many"))
        .anyMatch(name -> name.startsWith("one"));
  }

  @Test
  void theSameSeedGivesTheSameDraw() {
    assertThat(IdentificationDraw.of(PEOPLE, 6, 7)).isEqualTo(IdentificationDraw.of(PEOPLE, 6, 7));
    assertThat(IdentificationDraw.of(PEOPLE, 6, 7))
        .isNotEqualTo(IdentificationDraw.of(PEOPLE, 6, 8));
  }

  @Test
  void theDrawIsTheSameOnEveryMachine() {
    assertThat(IdentificationDraw.of(PEOPLE, 2, 1))
        .isEqualTo(
            new IdentificationDraw(
                List.of(
                    new Known("many5", Path.of("many5/1.jpg"), Path.of("many5/0.jpg")),
                    new Known("many2", Path.of("many2/2.jpg"), Path.of("many2/1.jpg"))),
                List.of(
                    new Stranger("one6", Path.of("one6/0.jpg")),
                    new Stranger("many9", Path.of("many9/1.jpg")))));
  }
}
