package dev.facet.gateway.gallery.scan;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import dev.facet.gateway.gallery.GalleryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a scan gallery: mapped vectors, and snapshots of all else. */
final class ScanFolder implements AutoCloseable {
  /*
   * Files. "N-G.vectors" are the vectors of collection N, mapped and written in place; "N-G.faces"
   * their keys and codes, written whole; "snapshot.json" names the files that belong together and
   * the ledger's sequence number up to which they hold everything. G is a number never used before,
   * so no file is ever overwritten by another's successor.
   *
   * A crash. The snapshot is replaced by a rename after everything it names was synced. What it
   * names does not change afterwards, but for faces that are removed, whose vectors become zeros:
   * they are removed again when the ledger is followed from the snapshot's position. What was
   * written behind the faces it counts is written again. Files that it does not name are removed.
   *
   * A full disk. Whoever writes vectors hears of it and has written nothing (MappedVectors). A
   * snapshot that does not fit leaves the earlier one in force, and nothing of itself.
   *
   * Damage. Whatever cannot be read as it was written makes the whole folder worthless, and it is
   * only an index: it is emptied, and the ledger read from its beginning.
   */
  private static final Logger log = LoggerFactory.getLogger(ScanFolder.class);
  private static final String SNAPSHOT = "snapshot.json";

  private final Path folder;
  private final String ledger;
  private final FileChannel lockFile;
  private final AtomicLong generation = new AtomicLong();
  private final Set<Path> inUse = ConcurrentHashMap.newKeySet();

  /** By the snapshot that is in force. */
  private volatile Set<String> named = Set.of();

  private record SavedShelf(long collection, int dimension, String faces, String vectors) {}

  private record SavedKept(SavedShelf shelf, long followed) {}

  private record Saved(
      long position, String ledger, List<SavedShelf> shelves, List<SavedKept> kept) {}

  /**
   * The shelf that a rebuild replaced.
   *
   * @param followed position up to which it was filled
   */
  record Kept(Shelf shelf, long followed) {}

  /** What a snapshot holds; nothing, at position 0, when there is none. */
  record Snapshot(long position, Map<Long, Shelf> shelves, Map<Long, Kept> kept) {
    static final Snapshot NONE = new Snapshot(0, Map.of(), Map.of());
  }

  private ScanFolder(Path folder, String ledger, FileChannel lockFile) {
    this.folder = folder;
    this.ledger = ledger;
    this.lockFile = lockFile;
  }

  /**
   * A folder, which is created when needed.
   *
   * @param ledger identity of the ledger; a snapshot of another's faces is of no use
   */
  static ScanFolder open(Path folder, String ledger) {
    try {
      Files.createDirectories(folder);
      FileChannel lockFile =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isOurs(lockFile)) {
        lockFile.close();
        throw new GalleryException("another process uses the gallery in " + folder);
      }
      return new ScanFolder(folder, ledger, lockFile);
    } catch (IOException e) {
      throw new GalleryException("the gallery's folder cannot be used", e);
    }
  }

  private static boolean isOurs(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Memory for a collection's vectors, in a new file. */
  Vectors vectors(long collection, int dimension) {
    return mapped(collection + "-" + generation.incrementAndGet() + ".vectors", dimension);
  }

  private MappedVectors mapped(String name, int dimension) {
    Path file = folder.resolve(name);
    inUse.add(file);
    return new MappedVectors(file, dimension, () -> discard(file));
  }

  private void discard(Path file) {
    inUse.remove(file);
    if (!named.contains(file.getFileName().toString())) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        log.warn("A file of the gallery could not be removed", e);
      }
    }
  }

  Snapshot load() {
    try {
      generation.set(highestGeneration());
      Saved saved = saved();
      Map<Long, Shelf> shelves = new HashMap<>();
      for (SavedShelf shelf : saved.shelves()) {
        shelves.put(shelf.collection(), load(shelf));
      }
      Map<Long, Kept> kept = new HashMap<>();
      for (SavedKept shelf : saved.kept()) {
        kept.put(shelf.shelf().collection(), new Kept(load(shelf.shelf()), shelf.followed()));
      }
      named = names(saved);
      removeAllBut(named);
      return new Snapshot(saved.position(), shelves, kept);
    } catch (NoSuchFileException e) {
      if (!e.getFile().endsWith(SNAPSHOT)) {
        log.warn("The gallery's snapshot is incomplete; the ledger is read from its beginning", e);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("The gallery's snapshot cannot be used; the ledger is read from its beginning", e);
    }
    inUse.clear();
    removeAllBut(Set.of());
    return Snapshot.NONE;
  }

  private Saved saved() throws IOException {
    Saved saved = new Gson().fromJson(Files.readString(folder.resolve(SNAPSHOT)), Saved.class);
    if (saved == null || saved.shelves() == null || saved.kept() == null) {
      throw new JsonParseException("not a whole snapshot");
    }
    if (!ledger.equals(saved.ledger())) {
      throw new IOException("a snapshot of another ledger's faces");
    }
    return saved;
  }

  private Shelf load(SavedShelf saved) throws IOException {
    int dimension = saved.dimension();
    MappedVectors vectors = mapped(saved.vectors(), dimension);
    View view = FacesFile.read(folder.resolve(saved.faces()), dimension, vectors);
    return new Shelf(dimension, () -> vectors(saved.collection(), dimension), vectors, view);
  }

  /** Takes a snapshot. Failures are logged: the earlier one, or none, is as good. */
  void save(Snapshot now) {
    try {
      List<SavedShelf> shelves = new ArrayList<>();
      for (Map.Entry<Long, Shelf> entry : now.shelves().entrySet()) {
        shelves.add(save(entry.getKey(), entry.getValue()));
      }
      List<SavedKept> kept = new ArrayList<>();
      for (Map.Entry<Long, Kept> entry : now.kept().entrySet()) {
        kept.add(
            new SavedKept(
                save(entry.getKey(), entry.getValue().shelf()), entry.getValue().followed()));
      }
      Saved snapshot = new Saved(now.position(), ledger, shelves, kept);
      Path incoming = folder.resolve(SNAPSHOT + ".incoming");
      Files.writeString(incoming, new Gson().toJson(snapshot));
      sync(incoming);
      Files.move(incoming, folder.resolve(SNAPSHOT), StandardCopyOption.ATOMIC_MOVE);
      named = names(snapshot);
      sync(folder);
    } catch (IOException | GalleryException e) {
      log.warn("The gallery's snapshot could not be written", e);
    }
    removeAllBut(named);
  }

  /** Makes sure that no later start goes on from what was there, whether it can save or not. */
  void forget() {
    named = Set.of();
    try {
      Files.deleteIfExists(folder.resolve(SNAPSHOT));
      sync(folder);
    } catch (IOException e) {
      throw new GalleryException("the gallery's snapshot cannot be removed", e);
    }
  }

  private SavedShelf save(long collection, Shelf shelf) throws IOException {
    Shelf.State state = shelf.state();
    state.vectors().force();
    String faces = collection + "-" + generation.incrementAndGet() + ".faces";
    FacesFile.write(folder.resolve(faces), state.dimension(), state.view());
    return new SavedShelf(
        collection, state.dimension(), faces, ((MappedVectors) state.vectors()).name());
  }

  private static Set<String> names(Saved saved) {
    Set<String> names = new HashSet<>();
    Stream.concat(saved.shelves().stream(), saved.kept().stream().map(SavedKept::shelf))
        .forEach(
            shelf -> {
              names.add(shelf.faces());
              names.add(shelf.vectors());
            });
    return names;
  }

  private long highestGeneration() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]+-[0-9]{1,18}\\.(vectors|faces)"))
          .mapToLong(name -> Long.parseLong(name.replaceAll("^[0-9]+-|\\..*", "")))
          .max()
          .orElse(0);
    }
  }

  private void removeAllBut(Set<String> names) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        boolean ours = name.endsWith(".vectors") || name.endsWith(".faces");
        if (ours && !names.contains(name) && !inUse.contains(file)) {
          Files.deleteIfExists(file);
        }
      }
      if (names.isEmpty() && inUse.isEmpty()) {
        Files.deleteIfExists(folder.resolve(SNAPSHOT));
      }
    } catch (IOException e) {
      log.warn("Old files of the gallery could not be removed", e);
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      log.warn("The gallery's folder could not be given back", e);
    }
  }
}
