package dev.facet.gateway.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Chips as files {@code <collection>/<shard>/<name>}.
 *
 * <p>A file comes into being whole: it is written and synced under {@code incoming}, renamed, and
 * the folder synced. What a crash leaves under {@code incoming} is removed at the next start.
 */
final class DirectoryArchive implements Archive {
  /** Room that a file system needs beside the bytes themselves. */
  private static final long SLACK_BYTES = 1 << 16;

  private static final Comparator<StoredChip> ORDER =
      Comparator.comparingLong(StoredChip::collection)
          .thenComparing(chip -> ChipName.of(chip.name()).shard())
          .thenComparing(StoredChip::name);

  private final Path root;
  private final Path incoming;
  private final InstantSource clock;

  /** Folders whose names this process has synced; being there does not prove it. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  DirectoryArchive(Path root, InstantSource clock) {
    this.root = root.toAbsolutePath();
    this.clock = clock;
    incoming = this.root.resolve("incoming");
    try {
      Files.createDirectories(incoming);
      deleteAll(children(incoming));
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot be opened", e);
    }
  }

  @Override
  public String put(long collection, String faceId, Chip chip) {
    ChipName name = ChipName.fresh(faceId, clock.instant());
    byte[] bytes = ChipFile.encode(chip);
    try {
      Path folder = syncedFolder(collection, name.shard());
      Path file = incoming.resolve(name.text());
      try {
        writeSynced(file, bytes);
        Files.move(file, folder.resolve(name.text()), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(file);
      }
      sync(folder);
      return name.text();
    } catch (IOException e) {
      if (root.toFile().getUsableSpace() < bytes.length + SLACK_BYTES) {
        throw new ArchiveFullException(e);
      }
      throw new ArchiveException("the archive cannot write", e);
    }
  }

  @Override
  public Optional<Chip> get(long collection, String name) {
    try {
      return Optional.of(ChipFile.decode(Files.readAllBytes(file(collection, name))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot read", e);
    }
  }

  @Override
  public void delete(long collection, String name) {
    try {
      Path shard = folder(collection).resolve(ChipName.of(name).shard());
      if (Files.deleteIfExists(shard.resolve(name))) {
        sync(shard);
      }
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot delete", e);
    }
  }

  @Override
  public void drop(long collection) {
    Path folder = folder(collection);
    try {
      for (Path shard : children(folder)) {
        deleteAll(children(shard));
        Files.deleteIfExists(shard);
      }
      durable.removeIf(known -> known.startsWith(folder));
      if (Files.deleteIfExists(folder)) {
        sync(root);
      }
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot delete", e);
    }
  }

  @Override
  public List<StoredChip> list(Optional<StoredChip> after, int limit) {
    List<StoredChip> page = new ArrayList<>();
    try {
      for (long collection : collections()) {
        if (after.isPresent() && collection < after.get().collection()) {
          continue;
        }
        for (Path shard : children(folder(collection))) {
          if (after.isPresent() && isBefore(collection, shard, after.get())) {
            continue;
          }
          for (Path file : children(shard)) {
            String name = name(file);
            if (!ChipName.isOne(name)) {
              continue; // a file system's or an operator's own
            }
            StoredChip chip = new StoredChip(collection, name, ChipName.of(name).written());
            if (after.isEmpty() || ORDER.compare(chip, after.get()) > 0) {
              page.add(chip);
            }
          }
          if (page.size() >= limit) {
            return List.copyOf(page.subList(0, limit));
          }
        }
      }
      return page;
    } catch (IOException e) {
      throw new ArchiveException("the archive cannot list", e);
    }
  }

  private static boolean isBefore(long collection, Path shard, StoredChip after) {
    return collection == after.collection()
        && name(shard).compareTo(ChipName.of(after.name()).shard()) < 0;
  }

  private Path folder(long collection) {
    return root.resolve(Long.toString(collection));
  }

  private Path file(long collection, String name) {
    return folder(collection).resolve(ChipName.of(name).shard()).resolve(name);
  }

  /** Ascending. */
  private List<Long> collections() throws IOException {
    return children(root).stream()
        .map(DirectoryArchive::name)
        .filter(name -> name.matches("[0-9]{1,18}"))
        .map(Long::valueOf)
        .sorted()
        .toList();
  }

  /**
   * A folder that is there after a crash, too; one thread at a time, so that none uses it sooner.
   */
  private synchronized Path syncedFolder(long collection, String shard) throws IOException {
    Path parent = folder(collection);
    Path folder = parent.resolve(shard);
    if (!durable.contains(folder)) {
      Files.createDirectories(folder);
      sync(parent);
      sync(root);
      durable.add(folder);
    }
    return folder;
  }

  private static void writeSynced(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Makes the names in the folder durable. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** In the order of names; none when there is no such folder. */
  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static void deleteAll(List<Path> files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
