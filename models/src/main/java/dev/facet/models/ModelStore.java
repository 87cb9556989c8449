package dev.facet.models;

import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The models of a catalogue on this machine's disk, fetched when they are first asked for.
 *
 * <p>A file is only ever used after its SHA-256 was found to be the catalogue's, in this process.
 * Several stores, in one process or many, may share a cache directory. The layout is {@code <first
 * 16 digits of the weights' SHA-256>/<file>}, with the licence and the served forms beside them.
 */
public final class ModelStore {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PACKAGE_LIMIT = Duration.ofMinutes(5);

  /** What is on disk for a model. */
  public enum Presence {
    ABSENT,
    INTACT,
    DAMAGED
  }

  private final Catalogue catalogue;
  private final Path cache;
  private final Fetcher fetcher;

  /**
   * A store that may ask every kind of source.
   *
   * @param cache created when the first file is written
   * @param mirror a directory with files under their catalogue names
   */
  public ModelStore(Catalogue catalogue, Path cache, Optional<Path> mirror) {
    this(catalogue, cache, fetcher(mirror, EnumSet.allOf(Source.Kind.class)));
  }

  ModelStore(Catalogue catalogue, Path cache, Fetcher fetcher) {
    this.catalogue = catalogue;
    this.cache = cache;
    this.fetcher = fetcher;
  }

  /** The store at the places that settings name. */
  public static ModelStore open(StorePlaces places) {
    return new ModelStore(
        places.allModels(), places.cacheFolder(), fetcher(places.mirror(), places.sources()));
  }

  private static Fetcher fetcher(Optional<Path> mirror, Set<Source.Kind> allowed) {
    return new Fetcher(mirror, allowed, new Download(CONNECT_TIMEOUT, STALL_TIMEOUT));
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  private Path directory(ModelRecord model) {
    return cache.resolve(model.weightsSha256().substring(0, 16));
  }

  /** What is on disk for a model; reads the whole files, changes nothing. */
  public Presence verify(String name) {
    ModelRecord model = catalogue.model(name);
    Set<Presence> found = EnumSet.noneOf(Presence.class);
    model.files().forEach(file -> found.add(presence(directory(model), file)));
    return found.contains(Presence.DAMAGED)
        ? Presence.DAMAGED
        : found.contains(Presence.ABSENT) ? Presence.ABSENT : Presence.INTACT;
  }

  private static Presence presence(Path directory, ModelFile wanted) {
    Path file = directory.resolve(wanted.file());
    try {
      if (!Files.exists(file)) {
        return Presence.ABSENT;
      }
      return Sha256.of(file).equals(wanted.sha256()) ? Presence.INTACT : Presence.DAMAGED;
    } catch (IOException e) {
      throw new ModelCacheException("cannot read", file, e);
    }
  }

  /**
   * The original files of a model, each from the cache or else from the first of its sources that
   * has it.
   *
   * @return in the order of the catalogue
   * @throws UnknownModelException if the catalogue has no such model
   * @throws ModelUnavailableException if no source has a file
   * @throws ChecksumMismatchException if a source has another file under that name
   * @throws ModelCacheException if the cache cannot be read or written
   */
  public List<Path> fetch(String name, Progress progress) {
    ModelRecord model = catalogue.model(name);
    Path directory = directory(model);
    if (verify(name) != Presence.INTACT) {
      try {
        Files.createDirectories(directory);
        try (CacheLock _ = CacheLock.on(directory);
            Packages packages =
                new Packages(new PackageClient(PACKAGE_LIMIT), directory.resolve("package"))) {
          fetchMissing(model, directory, packages, progress);
          Licences.write(model, directory);
        }
      } catch (IOException e) {
        throw new ModelCacheException("cannot write to the model cache", cache, e);
      }
    }
    progress.advanced(model.bytes(), model.bytes());
    return model.files().stream().map(file -> directory.resolve(file.file())).toList();
  }

  private void fetchMissing(ModelRecord model, Path directory, Packages packages, Progress progress)
      throws IOException {
    long before = 0;
    for (ModelFile file : model.files()) {
      // Whoever held the lock before may have fetched it.
      if (presence(directory, file) != Presence.INTACT) {
        long start = before;
        Progress ofAll = (done, total) -> progress.advanced(start + done, model.bytes());
        fetcher.fetch(
            model,
            file,
            new PartFile(directory.resolve(file.file()), file.bytes(), ofAll),
            packages);
      }
      before += file.bytes().most();
    }
  }

  /** As {@link #served(String, Precision, Progress)}, computing in float32. */
  public ServedModel served(String name, Progress progress) {
    return served(name, Precision.FP32, progress);
  }

  /**
   * A model in its served form.
   *
   * <p>The form is made anew from the verified originals each time, and written only where the disk
   * does not have it: a damaged copy is never served.
   *
   * @throws ModelException as {@link #fetch}
   * @throws UnservableModelException if the files cannot be given that form, or not in that
   *     precision
   */
  public ServedModel served(String name, Precision precision, Progress progress) {
    ModelRecord model = catalogue.model(name);
    List<Path> originals = fetch(name, progress);
    ModelId id = model.id();
    Map<String, Path> graphs = new HashMap<>();
    try {
      for (Map.Entry<String, byte[]> part : ServedForm.of(model, originals, precision).entrySet()) {
        Path graph = directory(model).resolve(ServedForm.fileName(id, part.getKey(), precision));
        if (!Files.exists(graph) || !Arrays.equals(Files.readAllBytes(graph), part.getValue())) {
          write(directory(model), graph, part.getValue());
        }
        graphs.put(part.getKey(), graph);
      }
    } catch (GraphException | CheckpointException e) {
      throw new UnservableModelException(name, e);
    } catch (IOException e) {
      throw new ModelCacheException("cannot write to the model cache", cache, e);
    }
    return new ServedModel(model, id, precision, graphs, ServedForm.checkpoints(model, originals));
  }

  /**
   * Takes the files of a model that no source has into the cache, and its licence with them.
   *
   * @param model need not be in this store's catalogue yet
   * @param files in the order of the record's
   * @return their copies
   * @throws ChecksumMismatchException if a file is not the one of the record
   * @throws ModelCacheException if a file cannot be read, or the cache not be written
   */
  public List<Path> adopt(ModelRecord model, List<Path> files) {
    Path directory = directory(model);
    List<Path> copies = new ArrayList<>();
    try {
      Files.createDirectories(directory);
      try (CacheLock _ = CacheLock.on(directory)) {
        for (int i = 0; i < files.size(); i++) {
          copies.add(copy(model, model.files().get(i), files.get(i), directory));
        }
        Licences.write(model, directory);
      }
    } catch (IOException e) {
      throw new ModelCacheException("cannot write to the model cache", cache, e);
    }
    return copies;
  }

  private static Path copy(ModelRecord model, ModelFile wanted, Path file, Path directory)
      throws IOException {
    Path target = directory.resolve(wanted.file());
    PartFile part = new PartFile(target, wanted.bytes(), Progress.NONE);
    try (InputStream in = Files.newInputStream(file)) {
      part.receive(in, 0);
    }
    Fetcher.check(model, wanted, file.toString(), part);
    part.moveIntoPlace();
    return target;
  }

  private static void write(Path directory, Path target, byte[] bytes) throws IOException {
    Path part = directory.resolve(target.getFileName() + ".part");
    try (CacheLock _ = CacheLock.on(directory)) {
      Files.write(part, bytes);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
