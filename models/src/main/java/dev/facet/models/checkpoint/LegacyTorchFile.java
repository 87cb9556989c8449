package dev.facet.models.checkpoint;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A PyTorch file as {@code torch.save} wrote it before 1.6: five pickles (a magic number, a
 * protocol version, facts of the machine, the checkpoint, the keys of the storages), then for each
 * key the count of its numbers, as eight bytes, and the numbers.
 */
final class LegacyTorchFile {

  /** {@code MAGIC_NUMBER} and {@code PROTOCOL_VERSION} of {@code torch/serialization.py}. */
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

  private static final long PROTOCOL = 1001;

  private final FileChannel channel;
  private final Budget budget;
  private final Map<String, Long> positions = new LinkedHashMap<>();

  private LegacyTorchFile(FileChannel channel, Budget budget) {
    this.channel = channel;
    this.budget = budget;
  }

  static Weights read(Path file, Budget budget) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return new LegacyTorchFile(channel, budget).read();
    }
  }

  private Weights read() throws IOException {
    Budget pickles = new Budget(PickleReader.MOST_BYTES);
    PickleInput in =
        new PickleInput(new BufferedInputStream(Channels.newInputStream(channel)), pickles);
    Names names = new Names();
    if (!PickleReader.read(in, pickles, names).equals(MAGIC)) {
      throw new CheckpointException("a pickle without PyTorch's magic number");
    }
    if (!PickleReader.read(in, pickles, names).equals(PROTOCOL)) {
      throw new CheckpointException("not of protocol version " + PROTOCOL);
    }
    if (PickleReader.read(in, pickles, names) instanceof Map<?, ?> machine
        && !Boolean.TRUE.equals(machine.get("little_endian"))) {
      throw new CheckpointException("written by a big-endian machine");
    }
    Map<String, TorchTensor> tensors = StateDict.tensors(PickleReader.read(in, pickles, names));
    locate(PickleReader.read(in, pickles, names), names.storages, in.position());
    return TorchTensors.read(tensors, this::storage, budget);
  }

  private void locate(Object keys, Map<String, Storage> storages, long start) throws IOException {
    long position = start;
    for (Object key : keys instanceof List<?> list ? list : List.of(keys)) {
      @Nullable Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null) {
        throw new CheckpointException("a storage that no tensor names");
      }
      long elements = bytes(position, Long.BYTES).getLong();
      if (elements != storage.elements()) {
        throw new CheckpointException(
            "storage '%s' of %,d numbers, where its tensors have %,d"
                .formatted(storage.key(), elements, storage.elements()));
      }
      if (positions.put(storage.key(), position + Long.BYTES) != null) {
        throw new CheckpointException("two storages '%s'".formatted(storage.key()));
      }
      position += Long.BYTES + storage.bytes();
      if (position > channel.size()) {
        throw new EOFException(
            "cut short: storage '%s' reaches %,d bytes beyond the end"
                .formatted(storage.key(), position - channel.size()));
      }
    }
  }

  private ByteBuffer storage(Storage storage) throws IOException {
    @Nullable Long position = positions.get(storage.key());
    if (position == null) {
      throw new CheckpointException("no storage '%s'".formatted(storage.key()));
    }
    budget.take(storage.bytes(), "storage '%s'".formatted(storage.key()));
    return bytes(position, Math.toIntExact(storage.bytes()));
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("cut short at %,d bytes".formatted(channel.size()));
      }
    }
    return bytes.flip();
  }

  /** PyTorch's names, and the storages that were named. */
  private static final class Names implements PickleReader.Names {

    private final PickleReader.Names torch = new TorchNames();
    private final Map<String, Storage> storages = new HashMap<>();

    @Override
    public Object find(String module, String name) {
      return torch.find(module, name);
    }

    @Override
    public Object outside(Object id) {
      Object outside = torch.outside(id);
      if (outside instanceof Storage storage) {
        storages.putIfAbsent(storage.key(), storage);
      }
      return outside;
    }
  }
}
