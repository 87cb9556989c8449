package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the sources of a model until one gives the file.
 *
 * <p>A source that is not there is passed over. One that gives a wrong file ends the search: what
 * was published under a pinned name has changed, and somebody should know.
 */
record Fetcher(Optional<Path> mirror, Download download) {

  /**
   * Fills the part, checks it and moves it into place.
   *
   * @throws ModelUnavailableException if no source has the file
   * @throws ChecksumMismatchException if one has another file under that name
   */
  void fetch(ModelRecord model, PartFile part) throws IOException {
    List<String> tried = new ArrayList<>();
    for (Source source : model.sources()) {
      try {
        switch (source) {
          case Source.Mirror(String file) -> copy(model, file, part);
          case Source.Https(URI address) -> download(model, address, part);
        }
        part.moveIntoPlace();
        return;
      } catch (IOException e) {
        tried.add(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        tried.add("interrupted");
        break;
      }
    }
    throw new ModelUnavailableException(model, tried, part.target());
  }

  private void copy(ModelRecord model, String name, PartFile part) throws IOException {
    if (mirror.isEmpty()) {
      throw new IOException("mirror: none is set (FACET_MODELS_MIRROR)");
    }
    Path file = mirror.get().resolve(name);
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) != model.bytes()) {
        throw new ChecksumMismatchException(model, file.toString(), Sha256.of(file));
      }
      part.receive(in, 0);
    } catch (NoSuchFileException e) {
      throw new IOException("mirror: no file " + file, e);
    }
    check(model, file.toString(), part);
  }

  private void download(ModelRecord model, URI address, PartFile part)
      throws IOException, InterruptedException {
    boolean continued = part.keptBytes() > 0;
    try {
      download.fill(part, address);
      if (continued && !part.sha256().equals(model.sha256())) {
        // What was left over may have been of another file.
        part.discard();
        download.fill(part, address);
      }
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(address, e.getMessage()), e);
    }
    check(model, address.toString(), part);
  }

  private static void check(ModelRecord model, String source, PartFile part) throws IOException {
    String actual = part.sha256();
    if (!actual.equals(model.sha256())) {
      part.discard();
      throw new ChecksumMismatchException(model, source, actual);
    }
  }
}
