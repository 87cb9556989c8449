package dev.facet.models.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A zip archive whose every claim is checked: sizes before memory is taken, contents against length
 * and CRC-32, names for being unique and plain.
 *
 * <p>{@link ZipFile} reads the whole directory of an archive into memory, so its size is looked up
 * before. Nothing is ever unpacked to disk; an archive with a name that would leave a folder is
 * refused all the same, as one that PyTorch did not write.
 */
final class ZipArchive implements AutoCloseable {

  /** A thousand times the directory of a model of this field. */
  static final long LARGEST_DIRECTORY_BYTES = 16 << 20;

  static final int MOST_ENTRIES = 100_000;

  private static final Pattern NAME =
      Pattern.compile("[^/\\\\\\p{Cntrl}]+(/[^/\\\\\\p{Cntrl}]+)*/?");

  private static final int END_BYTES = 22;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int ZIP64_LOCATOR_BYTES = 20;
  private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int ZIP64_END_BYTES = 56;

  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private ZipArchive(ZipFile zip) {
    this.zip = zip;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (!NAME.matcher(name).matches() || ("/" + name + "/").contains("/../")) {
        throw new CheckpointException("a file name that leaves the archive: '%s'".formatted(name));
      }
      if (entries.put(name, entry) != null) {
        throw new CheckpointException("two files '%s' in the archive".formatted(name));
      }
    }
  }

  /**
   * Opens an archive.
   *
   * @throws CheckpointException if its directory is too large or has a name that PyTorch would not
   *     write
   */
  static ZipArchive open(Path file) throws IOException {
    requireSmallDirectory(file);
    ZipFile zip = new ZipFile(file.toFile());
    try {
      if (zip.size() > MOST_ENTRIES) {
        throw new CheckpointException("an archive of %,d files".formatted(zip.size()));
      }
      return new ZipArchive(zip);
    } catch (CheckpointException e) {
      zip.close();
      throw e;
    }
  }

  /**
   * Reads the records at an archive's end: the size of the directory is 4 bytes at 12 of the end
   * record, and 8 bytes at 40 of the record that zip64 puts before it. Archives with a comment are
   * not for us, so the end record is where it must be.
   */
  private static void requireSmallDirectory(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long end = in.length() - END_BYTES;
      ByteBuffer record = bytes(in, end, END_BYTES);
      if (record.getInt(0) != END_SIGNATURE || record.getShort(20) != 0) {
        throw new ZipException("the archive is cut short, or has a comment");
      }
      // All ones says that zip64 has the true size.
      long size = Integer.toUnsignedLong(record.getInt(12));
      long locator = end - ZIP64_LOCATOR_BYTES;
      if (locator >= 0
          && bytes(in, locator, ZIP64_LOCATOR_BYTES).getInt(0) == ZIP64_LOCATOR_SIGNATURE) {
        long zip64 = bytes(in, locator, ZIP64_LOCATOR_BYTES).getLong(8);
        long large = bytes(in, zip64, ZIP64_END_BYTES).getLong(40);
        size = size == 0xffff_ffffL ? large : Math.max(size, large);
      }
      if (size < 0 || size > LARGEST_DIRECTORY_BYTES) {
        throw new CheckpointException("a directory of %,d bytes in the archive".formatted(size));
      }
    }
  }

  private static ByteBuffer bytes(RandomAccessFile in, long position, int length)
      throws IOException {
    if (position < 0 || position > in.length() - length) {
      throw new ZipException("the archive is cut short");
    }
    byte[] bytes = new byte[length];
    in.seek(position);
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** In the order of the archive. */
  Set<String> names() {
    return entries.keySet();
  }

  /** How many bytes a file claims to have; null if there is no such file. */
  @Nullable Long size(String name) {
    @Nullable ZipEntry entry = entries.get(name);
    return entry == null ? null : (Long) entry.getSize();
  }

  /**
   * The contents of a file.
   *
   * @param budget pays for them
   * @throws CheckpointException if there is none, or its length or CRC-32 is not what the directory
   *     says
   */
  byte[] read(String name, Budget budget) throws IOException {
    @Nullable ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new CheckpointException("no '%s' in the archive".formatted(name));
    }
    byte[] bytes = budget.bytes(entry.getSize(), "'%s'".formatted(name));
    try (InputStream in = zip.getInputStream(entry)) {
      if (in.readNBytes(bytes, 0, bytes.length) < bytes.length || in.read() >= 0) {
        throw new CheckpointException(
            "'%s' does not have the %,d bytes that the directory says"
                .formatted(name, bytes.length));
      }
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != entry.getCrc()) {
      throw new CheckpointException(
          "'%s' is damaged: its CRC-32 is %08x, not %08x"
              .formatted(name, crc.getValue(), entry.getCrc()));
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
