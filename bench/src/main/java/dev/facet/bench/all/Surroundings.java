package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Where the points are measured.
 *
 * @param home the installation
 * @param photos folder with portraits and groups, as JPEG
 * @param scratch folder that is gone afterwards
 * @param rounds turns that the sides take
 * @param seconds of each measurement in a round
 * @param warming times as long as in a quick run that everything runs before it is measured
 * @param progress hears what is being done
 */
public record Surroundings(
    Path home,
    Optional<Path> photos,
    Path scratch,
    int rounds,
    double seconds,
    double warming,
    Consumer<String> progress) {

  /** Photos of crowds among the portraits, where they lie in a folder of their own. */
  private static final int CROWDS = 2;

  /** The JVM that the services run in. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** What a warm-up takes here. */
  double warmUp(double quickSeconds) {
    return quickSeconds * warming;
  }

  /** A module's program. */
  public Path jar(String module) {
    Path jar = home.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new BenchFailure(
          BenchFailure.UNAVAILABLE, jar + " is missing: build first (./facet build)");
    }
    return jar;
  }

  /** A file or folder of this name that is not there yet. */
  public Path fresh(String name) {
    Path path = scratch.resolve(name);
    for (int i = 2; Files.exists(path); i++) {
      path = scratch.resolve(i + "-" + name);
    }
    return path;
  }

  /** A new file with these bytes, whose name ends so. */
  public Path written(String name, byte[] bytes) {
    Path file = fresh(name);
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw BenchFailure.file(file, e);
    }
  }

  /** The photos directly in the folder, by name, and the first few of each folder in it. */
  public List<Path> photoFiles() {
    return photos.map(Surroundings::photosIn).orElse(List.of());
  }

  private static List<Path> photosIn(Path folder) {
    List<Path> photos = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isDirectory(entry)) {
          photosIn(entry).stream().limit(CROWDS).forEach(photos::add);
        } else if (entry.toString().endsWith(".jpg")) {
          photos.add(entry);
        }
      }
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
    return photos;
  }

  /** Tells whoever watches. */
  public void say(String what) {
    progress.accept(what);
  }
}
