package dev.facet.models;

import dev.facet.models.graph.GraphException;
import dev.facet.models.graph.GraphRewriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The models of a catalogue on this machine's disk, fetched when they are first asked for.
 *
 * <p>A file is only ever used after its SHA-256 was found to be the catalogue's, in this process.
 * Several stores, in one process or many, may share a cache directory. The layout is {@code <first
 * 16 digits of the SHA-256>/<file>} with the served form beside it.
 */
public final class ModelStore {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(30);

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
   * @param cache created when the first file is written
   * @param mirror a directory with files under their catalogue names
   */
  public ModelStore(Catalogue catalogue, Path cache, Optional<Path> mirror) {
    this(catalogue, cache, new Fetcher(mirror, new Download(CONNECT_TIMEOUT, STALL_TIMEOUT)));
  }

  /**
   * The store of a service or command, from what its settings name.
   *
   * @param userCatalogue a file whose entries are added to the bundled ones
   * @param cache the user's own when empty
   */
  public static ModelStore open(
      Optional<Path> userCatalogue, Optional<Path> cache, Optional<Path> mirror) {
    Catalogue bundled = Catalogue.bundled();
    Catalogue catalogue =
        userCatalogue.map(Catalogue::read).map(bundled::overriddenBy).orElse(bundled);
    Path home = Path.of(System.getProperty("user.home"));
    return new ModelStore(
        catalogue, cache.orElseGet(() -> defaultCache(System.getenv(), home)), mirror);
  }

  ModelStore(Catalogue catalogue, Path cache, Fetcher fetcher) {
    this.catalogue = catalogue;
    this.cache = cache;
    this.fetcher = fetcher;
  }

  /** {@code facet/models} in the user's cache directory, after the XDG base directory rules. */
  public static Path defaultCache(Map<String, String> environment, Path home) {
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The rules say that a relative path is to be ignored.
    Path base = Path.of(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".cache");
    return base.resolve("facet").resolve("models");
  }

  public Catalogue catalogue() {
    return catalogue;
  }

  private Path directory(ModelRecord model) {
    return cache.resolve(model.sha256().substring(0, 16));
  }

  private Path file(ModelRecord model) {
    return directory(model).resolve(model.file());
  }

  /** What is on disk for a model; reads the whole file, changes nothing. */
  public Presence verify(String name) {
    ModelRecord model = catalogue.model(name);
    Path file = file(model);
    try {
      if (!Files.exists(file)) {
        return Presence.ABSENT;
      }
      return Sha256.of(file).equals(model.sha256()) ? Presence.INTACT : Presence.DAMAGED;
    } catch (IOException e) {
      throw new ModelCacheException("cannot read", file, e);
    }
  }

  /**
   * The original file of a model, from the cache or else from the first of its sources that has it.
   *
   * @throws UnknownModelException if the catalogue has no such model
   * @throws ModelUnavailableException if no source has the file
   * @throws ChecksumMismatchException if a source has another file under that name
   * @throws ModelCacheException if the cache cannot be read or written
   */
  public Path fetch(String name, Progress progress) {
    ModelRecord model = catalogue.model(name);
    Path file = file(model);
    if (verify(name) == Presence.INTACT) {
      progress.advanced(model.bytes(), model.bytes());
      return file;
    }
    try {
      Files.createDirectories(directory(model));
      try (CacheLock _ = CacheLock.on(directory(model))) {
        // Whoever held the lock before may have fetched it.
        if (verify(name) != Presence.INTACT) {
          fetcher.fetch(model, new PartFile(file, model.bytes(), progress));
        }
      }
      progress.advanced(model.bytes(), model.bytes());
    } catch (IOException e) {
      throw new ModelCacheException("cannot write to the model cache", cache, e);
    }
    return file;
  }

  /**
   * A model in its served form, see {@link GraphRewriter}.
   *
   * <p>The form is made anew from the verified original each time, some tens of milliseconds, and
   * written only where the disk does not have it: a damaged copy is never served.
   *
   * @throws ModelException as {@link #fetch}
   * @throws UnservableModelException if the rewriter refuses the file
   */
  public ServedModel served(String name, Progress progress) {
    ModelRecord model = catalogue.model(name);
    Path original = fetch(name, progress);
    ModelId id = model.id();
    Path served =
        directory(model)
            .resolve(
                "%s-%s.served-%d-%s.onnx"
                    .formatted(
                        name,
                        model.sha256().substring(0, 16),
                        GraphRewriter.VERSION,
                        id.preprocessingSha256().substring(0, 16)));
    try {
      byte[] form = servedForm(model, Files.readAllBytes(original));
      if (!Files.exists(served) || !Arrays.equals(Files.readAllBytes(served), form)) {
        write(model, served, form);
      }
    } catch (GraphException e) {
      throw new UnservableModelException(name, e);
    } catch (IOException e) {
      throw new ModelCacheException("cannot write to the model cache", cache, e);
    }
    return new ServedModel(model, id, Map.of(ServedModel.WHOLE, served));
  }

  private static byte[] servedForm(ModelRecord model, byte[] original) {
    GraphRewriter rewriter =
        GraphRewriter.of(original)
            .imageInput(model.pixels().order(), model.pixels().normalisation());
    return switch (model.task()) {
      case Task.Embedding embedding -> rewriter.unitEmbedding(embedding.dimension()).toByteArray();
      case Task.Detection _ -> rewriter.toByteArray();
    };
  }

  private void write(ModelRecord model, Path served, byte[] form) throws IOException {
    Path part = directory(model).resolve(served.getFileName() + ".part");
    try (CacheLock _ = CacheLock.on(directory(model))) {
      Files.write(part, form);
      Files.move(part, served, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
