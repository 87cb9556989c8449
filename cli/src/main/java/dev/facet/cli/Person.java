package dev.facet.cli;

import java.nio.file.Path;
import java.util.List;

/**
 * A person with photos.
 *
 * @param photos in order of their names, at least one
 */
record Person(String name, List<Path> photos) {

  /** The people of a folder {@code NAME/photo}, in order of their names. */
  static List<Person> in(Path folder) {
    return Photos.folders(folder).stream()
        .map(one -> new Person(String.valueOf(one.getFileName()), Photos.below(one)))
        .filter(person -> !person.photos.isEmpty())
        .toList();
  }
}
