package dev.facet.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who takes part in one round of an identification test, drawn by lot.
 *
 * <p>The same people, number and seed give the same draw on every machine: {@link Random}'s numbers
 * are specified, and people and photos are drawn in order of their names. First {@code n} of those
 * with two photos or more, then for each of them the enrolled and the searched photo, then {@code
 * n} of all the others, then a photo of each.
 *
 * @param known people that are enrolled
 * @param strangers people that are not
 */
record IdentificationDraw(List<Known> known, List<Stranger> strangers) {

  /** A person, a photo to enrol and another to search with. */
  record Known(String name, Path enrolled, Path searched) {}

  /** A person who is not enrolled, and a photo to search with. */
  record Stranger(String name, Path searched) {}

  /**
   * Draws {@code n} known people and {@code n} strangers.
   *
   * @param people in order of their names
   * @throws CommandFailure when there are too few
   */
  static IdentificationDraw of(List<Person> people, int n, long seed) {
    Random random = new Random(seed);
    List<Person> eligible = people.stream().filter(one -> one.photos().size() >= 2).toList();
    if (eligible.size() < n || people.size() < 2 * n) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "%d people, %d of them with two photos or more: too few for --people %d"
              .formatted(people.size(), eligible.size(), n));
    }
    List<Person> chosen = draw(eligible, n, random);
    List<Known> known = new ArrayList<>(n);
    for (Person person : chosen) {
      List<Path> two = draw(person.photos(), 2, random);
      known.add(new Known(person.name(), two.get(0), two.get(1)));
    }
    List<Person> others = new ArrayList<>(people);
    others.removeAll(chosen);
    List<Stranger> strangers = new ArrayList<>(n);
    for (Person person : draw(others, n, random)) {
      strangers.add(new Stranger(person.name(), draw(person.photos(), 1, random).getFirst()));
    }
    return new IdentificationDraw(known, strangers);
  }

  /** The first {@code n} of a Fisher-Yates shuffle. */
  private static <T> List<T> draw(List<T> from, int n, Random random) {
    List<T> shuffled = new ArrayList<>(from);
    for (int i = 0; i < n; i++) {
      int other = i + random.nextInt(shuffled.size() - i);
      T drawn = shuffled.get(other);
      shuffled.set(other, shuffled.get(i));
      shuffled.set(i, drawn);
    }
    return List.copyOf(shuffled.subList(0, n));
  }
}
