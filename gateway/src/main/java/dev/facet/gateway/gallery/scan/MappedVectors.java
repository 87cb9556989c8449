package dev.facet.gateway.gallery.scan;

import dev.facet.gateway.gallery.GalleryException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors in a file that is mapped piece by piece as it grows; the operating system pages. */
final class MappedVectors implements Vectors {
  /*
   * A page of a mapped file that the disk has no room for is found out when it is written to, by a
   * signal, of which the JVM makes an InternalError where it can. So room is taken by writing to the
   * file, where a full disk says so, before the memory over it is given out. Shelves take their slots
   * in order: what has room is the beginning of the file.
   */

  /** Blocks of a piece: 8 MB of 512 floats. Files are sparse, so a small shelf's takes no more. */
  private static final int PIECE = 16;

  private static final int WRITE_BYTES = 1 << 16;

  private final Path file;
  private final long faceBytes;
  private final long blockBytes;
  private final Runnable discarded;

  /* Guarded by this. */
  private final List<MemorySegment> pieces = new ArrayList<>();
  private long roomBytes;

  /**
   * Vectors in a file that is there, or will be.
   *
   * @param discarded told when the file is needed no more
   */
  MappedVectors(Path file, int dimension, Runnable discarded) {
    this.file = file;
    this.faceBytes = (long) Block.stride(dimension) * Float.BYTES;
    this.blockBytes = Block.FACES * faceBytes;
    this.discarded = discarded;
  }

  String name() {
    return file.getFileName().toString();
  }

  /**
   * Refuses a file that is not there, or was cut, where mapping would make it whole with zeros.
   *
   * @param faces that it must hold; none for a shelf without faces, whose file is empty
   * @throws IOException then
   */
  synchronized void requireThere(int faces) throws IOException {
    long pieceBytes = PIECE * blockBytes;
    if (Files.size(file) < Math.ceilDiv(faces * faceBytes, pieceBytes) * pieceBytes) {
      throw new IOException("the vectors of a shelf are not whole");
    }
    roomBytes = faces * faceBytes;
  }

  /**
   * {@inheritDoc}
   *
   * @throws GalleryException when the disk is full
   */
  @Override
  public synchronized MemorySegment block(int block, int faces) {
    makeRoom(block * blockBytes + faces * faceBytes);
    while (pieces.size() <= block / PIECE) {
      pieces.add(map(pieces.size()));
    }
    return pieces.get(block / PIECE).asSlice(block % PIECE * blockBytes, faces * faceBytes);
  }

  /** Writes what is there again: a part of the file that was never written has no room. */
  private void makeRoom(long end) {
    if (end <= roomBytes) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(WRITE_BYTES);
    try (FileChannel channel = open()) {
      while (roomBytes < end) {
        Arrays.fill(bytes.array(), (byte) 0);
        bytes.clear().limit((int) Math.min(WRITE_BYTES, end - roomBytes));
        while (bytes.hasRemaining() && channel.read(bytes, roomBytes + bytes.position()) > 0) {
          // Beyond the end of the file it stays zero.
        }
        bytes.rewind();
        while (bytes.hasRemaining()) {
          channel.write(bytes, roomBytes + bytes.position());
        }
        roomBytes += bytes.limit();
      }
    } catch (IOException e) {
      throw new GalleryException("the gallery's file cannot be made larger", e);
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private MemorySegment map(int piece) {
    long bytes = PIECE * blockBytes;
    try (FileChannel channel = open()) {
      return channel.map(MapMode.READ_WRITE, piece * bytes, bytes, Arena.ofAuto());
    } catch (IOException e) {
      throw new GalleryException("the gallery's file cannot be made larger", e);
    }
  }

  /** Also writes back what was changed through the mapping. */
  @Override
  public void force() {
    try (FileChannel channel = open()) {
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
