package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.GalleryException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Vectors in a file that is mapped piece by piece as it grows; the operating system pages. */
final class MappedVectors implements Vectors {
  /** Blocks of a piece: 8 MB of 512 floats. Files are sparse, so a small shelf's takes no more. */
  private static final int PIECE = 16;

  private final Path file;
  private final long blockBytes;
  private final Runnable discarded;
  private final List<MemorySegment> pieces = new ArrayList<>();

  /**
   * Vectors in a file that is there, or will be.
   *
   * @param discarded told when the file is needed no more
   */
  MappedVectors(Path file, int dimension, Runnable discarded) {
    this.file = file;
    this.blockBytes = (long) Block.FACES * Block.stride(dimension) * Float.BYTES;
    this.discarded = discarded;
  }

  String name() {
    return file.getFileName().toString();
  }

  /**
   * Refuses a file that is not there, or was cut, where mapping would make it whole with zeros.
   *
   * @param blocks that it must hold; none for a shelf without faces, whose file is empty
   * @throws IOException then
   */
  void requireThere(int blocks) throws IOException {
    long pieceBytes = PIECE * blockBytes;
    long size = Files.size(file);
    if (size % pieceBytes != 0 || size < Math.ceilDiv(blocks, PIECE) * pieceBytes) {
      throw new IOException("the vectors of a shelf are not whole");
    }
  }

  @Override
  public synchronized MemorySegment block(int block, int faces) {
    while (pieces.size() <= block / PIECE) {
      pieces.add(map(pieces.size()));
    }
    return pieces.get(block / PIECE).asSlice(block % PIECE * blockBytes, blockBytes);
  }

  private MemorySegment map(int piece) {
    long bytes = PIECE * blockBytes;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return channel.map(MapMode.READ_WRITE, piece * bytes, bytes, Arena.ofAuto());
    } catch (IOException e) {
      throw new GalleryException("the gallery's file cannot be made larger", e);
    }
  }

  /** Also writes back what was changed through the mapping. */
  @Override
  public void force() {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.force(false);
    } catch (IOException e) {
      throw new GalleryException("the gallery's file cannot be synced", e);
    }
  }

  @Override
  public void discard() {
    discarded.run();
  }
}
