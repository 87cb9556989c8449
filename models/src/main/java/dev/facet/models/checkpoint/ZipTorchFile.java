package dev.facet.models.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PyTorch file as {@code torch.save} writes it since 1.6: a zip archive with one folder, in it
 * the pickle {@code data.pkl} and each storage as {@code data/KEY}.
 */
final class ZipTorchFile {

  private static final String PICKLE = "/data.pkl";

  private final ZipArchive archive;
  private final String folder;
  private final Budget budget;

  private ZipTorchFile(ZipArchive archive, String folder, Budget budget) {
    this.archive = archive;
    this.folder = folder;
    this.budget = budget;
  }

  static Weights read(Path file, Budget budget) throws IOException {
    try (ZipArchive archive = ZipArchive.open(file)) {
      String pickle =
          archive.names().stream()
              .filter(name -> name.indexOf('/') > 0 && name.endsWith(PICKLE))
              .filter(name -> name.indexOf('/') == name.length() - PICKLE.length())
              .findFirst()
              .orElseThrow(() -> new CheckpointException("no data.pkl in a folder of the archive"));
      String folder = pickle.substring(0, pickle.indexOf('/') + 1);
      return new ZipTorchFile(archive, folder, budget).read(pickle);
    }
  }

  private Weights read(String pickle) throws IOException {
    requireLittleEndian();
    Budget pickles = new Budget(PickleReader.MOST_BYTES);
    byte[] bytes = archive.read(pickle, pickles);
    Object checkpoint =
        PickleReader.read(
            new PickleInput(new ByteArrayInputStream(bytes), pickles), pickles, new TorchNames());
    return TorchTensors.read(StateDict.tensors(checkpoint), this::storage, budget);
  }

  /** PyTorch names the byte order since 2.1; before, it was the machine's, hence little-endian. */
  private void requireLittleEndian() throws IOException {
    String name = folder + "byteorder";
    if (archive.names().contains(name)) {
      byte[] order = archive.read(name, new Budget(Byte.MAX_VALUE));
      if (!new String(order, StandardCharsets.US_ASCII).equals("little")) {
        throw new CheckpointException("written by a big-endian machine");
      }
    }
  }

  private ByteBuffer storage(Storage storage) throws IOException {
    String name = folder + "data/" + storage.key();
    @Nullable Long size = archive.size(name);
    if (size == null || size != storage.bytes()) {
      throw new CheckpointException(
          "'%s' should have %,d bytes and %s"
              .formatted(
                  name, storage.bytes(), size == null ? "is absent" : "has %,d".formatted(size)));
    }
    return ByteBuffer.wrap(archive.read(name, budget)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
