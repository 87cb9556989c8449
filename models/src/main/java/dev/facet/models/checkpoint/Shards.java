package dev.facet.models.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The binary files of a manifest's group, read as one. */
final class Shards implements AutoCloseable {

  private final Deque<Path> further = new ArrayDeque<>();
  private InputStream current = InputStream.nullInputStream();

  /**
   * The shards that a group lists.
   *
   * @param given the files that may be opened, by name, each once; no other is, whatever the
   *     manifest says
   */
  Shards(List<String> paths, Map<String, Path> given) {
    for (@Nullable String path : paths) {
      @Nullable Path shard = given.remove(path);
      if (shard == null) {
        throw new CheckpointException(
            "it wants the shard '%s'; left of those given are %s".formatted(path, given.keySet()));
      }
      further.add(shard);
    }
  }

  /** Fills an array with what comes next, from as many shards as it takes. */
  void read(byte[] into, String name) throws IOException {
    int read = current.readNBytes(into, 0, into.length);
    while (read < into.length) {
      if (!next()) {
        throw new EOFException(
            "the shards end %,d bytes into the %,d of tensor '%s'"
                .formatted(read, into.length, name));
      }
      read += current.readNBytes(into, read, into.length - read);
    }
  }

  void requireEnd() throws IOException {
    do {
      if (current.read() >= 0) {
        throw new CheckpointException("the shards have more bytes than the manifest's tensors");
      }
    } while (next());
  }

  private boolean next() throws IOException {
    current.close();
    if (further.isEmpty()) {
      return false;
    }
    current = Files.newInputStream(further.remove());
    return true;
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
