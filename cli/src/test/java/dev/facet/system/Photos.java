package dev.facet.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Real photos of real people, from the shared folder. */
final class Photos {
  private Photos() {}

  static Path lfw() {
    Path lfw = Repository.SHARED.resolve("lfw");
    assumeTrue(Files.isDirectory(lfw), "photos: FACET_SHARED names no folder with lfw/");
    return lfw;
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

  private static List<Path> sorted(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    }
  }
}
