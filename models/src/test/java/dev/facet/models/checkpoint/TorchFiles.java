package dev.facet.models.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files in the two formats of {@code torch.save} around a given pickle. */
final class TorchFiles {

  private TorchFiles() {}

  static byte[] floats(float... values) {
    byte[] bytes = new byte[4 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return bytes;
  }

  /**
   * @param storages the bytes by key
   */
  static byte[] zip(byte[] pickle, Map<String, byte[]> storages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "model/data.pkl", pickle);
      for (var storage : storages.entrySet()) {
        store(zip, "model/data/" + storage.getKey(), storage.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static void store(ZipOutputStream zip, String name, byte[] contents) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 crc = new CRC32();
    crc.update(contents);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(contents.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(contents);
    zip.closeEntry();
  }

  /**
   * @param storages the bytes by key, of float32
   */
  static byte[] legacy(byte[] pickle, Map<String, byte[]> storages) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(new PickleWriter().number(new BigInteger("1950a86a20f9469cfc6c", 16)).stop());
    file.writeBytes(new PickleWriter().number(1001).stop());
    file.writeBytes(new PickleWriter().raw('}').text("little_endian").raw(0x88, 's').stop());
    file.writeBytes(pickle);
    PickleWriter keys = new PickleWriter().raw(']', '(');
    storages.keySet().forEach(keys::text);
    file.writeBytes(keys.raw('e').stop());
    storages
        .values()
        .forEach(
            bytes -> {
              file.writeBytes(PickleWriter.little(8).putLong(bytes.length / 4).array());
              file.writeBytes(bytes);
            });
    return file.toByteArray();
  }
}
