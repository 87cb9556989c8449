package dev.facet.bench.load;

import com.google.protobuf.ByteString;
import dev.facet.bench.BenchFailure;
import dev.facet.proto.type.v1.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The photos that are sent, all of them in memory, and their order: in turn, or drawn. Which photo
 * a call gets follows from the call's number alone.
 */
final class PhotoMix {

  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp");

  /** Steps of SplitMix64, whose outputs are as good as drawn. */
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final List<Image> photos;
  private final boolean drawn;
  private final long seed;

  /**
   * Of pictures as they are sent.
   *
   * @param drawn each call draws one; otherwise they take turns
   */
  PhotoMix(List<Image> photos, boolean drawn, long seed) {
    this.photos = List.copyOf(photos);
    this.drawn = drawn;
    this.seed = seed;
  }

  /** What is told of it; sizes in bytes of the files. */
  record Summary(int photos, String order, int smallest, int median, int largest) {}

  /**
   * Reads files and what lies in folders and below them, in order of their paths: files named as
   * JPEG, PNG or WebP that are not hidden.
   */
  static PhotoMix read(List<Path> sources, boolean drawn, long seed) {
    List<Image> photos = new ArrayList<>();
    long budget = Runtime.getRuntime().maxMemory() / 2;
    for (Path source : sources) {
      for (Path file : files(source)) {
        try {
          budget -= Files.size(file);
          if (budget < 0) {
            throw new BenchFailure(
                BenchFailure.USAGE,
                "the photos do not fit into half of the heap; take fewer, or raise FACET_LOAD_HEAP");
          }
          photos.add(
              Image.newBuilder().setData(ByteString.copyFrom(Files.readAllBytes(file))).build());
        } catch (IOException e) {
          throw BenchFailure.file(file, e);
        }
      }
    }
    if (photos.isEmpty()) {
      throw new BenchFailure(BenchFailure.USAGE, "no photos there");
    }
    return new PhotoMix(photos, drawn, seed);
  }

  List<Image> photos() {
    return photos;
  }

  /** Place of the photo among {@link #photos} that the call with this number gets. */
  int index(long number) {
    return drawn
        ? (int) Long.remainderUnsigned(mixed(seed + (number + 1) * GOLDEN_GAMMA), photos.size())
        : (int) (number % photos.size());
  }

  Summary summary() {
    int[] sizes = photos.stream().mapToInt(photo -> photo.getData().size()).sorted().toArray();
    return new Summary(
        sizes.length,
        drawn ? "drawn with seed " + seed : "in turn",
        sizes[0],
        sizes[sizes.length / 2],
        sizes[sizes.length - 1]);
  }

  private static long mixed(long z) {
    long first = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
    return second ^ (second >>> 31);
  }

  private static List<Path> files(Path source) {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> files = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
      return files.filter(file -> isPhoto(file) && Files.isRegularFile(file)).sorted().toList();
    } catch (IOException e) {
      throw BenchFailure.file(source, e);
    } catch (UncheckedIOException e) {
      throw BenchFailure.file(source, new IOException(e.getCause()));
    }
  }

  private static boolean isPhoto(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0
        && name.charAt(0) != '.'
        && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
