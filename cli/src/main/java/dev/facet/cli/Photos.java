package dev.facet.cli;

import com.google.protobuf.ByteString;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.Probe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Photos in files and folders. */
final class Photos {

  /** What the services accept of one picture. */
  static final int MAX_BYTES = 10 << 20;

  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp");

  private Photos() {}

  /**
   * The photos in a folder and the folders below it, in order of their paths: files named as JPEG,
   * PNG or WebP that are not hidden.
   */
  static List<Path> below(Path folder) {
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return files.filter(file -> isPhoto(file) && Files.isRegularFile(file)).sorted().toList();
    } catch (IOException e) {
      throw CommandFailure.file(folder, e);
    } catch (UncheckedIOException e) {
      throw CommandFailure.file(folder, new IOException(e.getCause()));
    }
  }

  /** The subfolders of a folder, in order of their names. */
  static List<Path> folders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw CommandFailure.file(folder, e);
    }
  }

  /** The picture in a file, as it is. */
  static Image image(Path file) {
    try {
      requireSize(file.toString(), Files.size(file));
      return Image.newBuilder().setData(ByteString.copyFrom(Files.readAllBytes(file))).build();
    } catch (IOException e) {
      throw CommandFailure.file(file, e);
    }
  }

  /** The picture in a file, as what is asked about. */
  static Probe probe(Path file) {
    return Probe.newBuilder().setImage(image(file)).build();
  }

  /**
   * Refuses a picture that the services would not take.
   *
   * @throws CommandFailure with the contract's reason
   */
  static void requireSize(String picture, long bytes) {
    if (bytes > MAX_BYTES) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "IMAGE_TOO_LARGE: %s has %,d bytes, at most %,d are accepted"
              .formatted(picture, bytes, MAX_BYTES));
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
