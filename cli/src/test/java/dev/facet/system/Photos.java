package dev.facet.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Real photos of real people, from the shared folder. */
final class Photos {
  private Photos() {}

  static Path lfw() {
    Path lfw = Repository.SHARED.resolve("lfw");
    assumeTrue(Files.isDirectory(lfw), "photos: FACET_SHARED names no folder with lfw/");
    return lfw;
  }

  /** The folders of people, by name. */
  static List<Path> people() throws IOException {
    return sorted(lfw()).stream().filter(Files::isDirectory).toList();
  }

  /** The photos of one of them. */
  static List<Path> of(Path person) throws IOException {
    return sorted(person);
  }

  /** The first photo of the first so many people, by name. */
  static List<Path> onePerPerson(int people) throws IOException {
    List<Path> photos = new ArrayList<>();
    for (Path person : sorted(lfw())) {
      if (Files.isDirectory(person) && photos.size() < people) {
        photos.add(sorted(person).getFirst());
      }
    }
    return photos;
  }

  /**
   * Copies so many photos, in folders named after the people.
   *
   * @return how many each person has
   */
  static Map<String, Integer> copyTo(Path folder, int photos) throws IOException {
    Map<String, Integer> copied = new HashMap<>();
    int left = photos;
    for (Path person : sorted(lfw())) {
      if (Files.isDirectory(person) && left > 0) {
        List<Path> some = sorted(person).stream().limit(left).toList();
        String name = person.getFileName().toString();
        Path target = Files.createDirectory(folder.resolve(name));
        for (Path photo : some) {
          Files.copy(photo, target.resolve(photo.getFileName()));
        }
        copied.put(name, some.size());
        left -= some.size();
      }
    }
    return copied;
  }

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
