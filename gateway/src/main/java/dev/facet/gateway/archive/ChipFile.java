package dev.facet.gateway.archive;

import dev.facet.gateway.archive.Chip.Box;
import dev.facet.gateway.archive.Chip.Format;
import dev.facet.gateway.archive.Chip.Landmarks;
import dev.facet.gateway.archive.Chip.Point;
import dev.facet.gateway.ledger.ModelId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A chip as bytes: magic and version, the facts, the picture, and a CRC-32C of all of it, so that
 * picture and facts cannot be parted and a torn or changed file is noticed. Integers and floats are
 * big-endian; texts as {@link DataOutputStream#writeUTF} writes them.
 */
final class ChipFile {
  private static final int MAGIC = 0x46434850; // FCHP
  private static final byte VERSION = 2;

  /** Its chips are of faces that were found upright, and hold no angle. */
  private static final byte VERSION_WITHOUT_ANGLE = 1;

  private ChipFile() {}

  static byte[] encode(Chip chip) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(chip.image().length + 512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeByte(VERSION);
      out.writeUTF(chip.format().name());
      out.writeInt(chip.width());
      out.writeInt(chip.height());
      Box box = chip.box();
      writePoint(out, new Point(box.x(), box.y()));
      writePoint(out, new Point(box.width(), box.height()));
      Landmarks landmarks = chip.landmarks();
      writePoint(out, landmarks.leftEye());
      writePoint(out, landmarks.rightEye());
      writePoint(out, landmarks.nose());
      writePoint(out, landmarks.leftMouthCorner());
      writePoint(out, landmarks.rightMouthCorner());
      ModelId detector = chip.detector();
      out.writeUTF(detector.name());
      out.writeUTF(detector.version());
      out.writeUTF(detector.weightsSha256());
      out.writeUTF(detector.preprocessingSha256());
      out.writeFloat(chip.angle());
      out.writeInt(chip.image().length);
      out.write(chip.image());
      out.writeInt(checksum(bytes.toByteArray(), bytes.size()));
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The chip of which {@link #encode} made the bytes.
   *
   * @throws ChipDamagedException when they are not those
   */
  static Chip decode(byte[] bytes) {
    int length = bytes.length - Integer.BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != checksum(bytes, length)) {
      throw new ChipDamagedException("the checksum is wrong");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int magic = in.readInt();
      byte version = in.readByte();
      if (magic != MAGIC || (version != VERSION && version != VERSION_WITHOUT_ANGLE)) {
        throw new ChipDamagedException(
            "it is not a chip of version %d or %d".formatted(VERSION_WITHOUT_ANGLE, VERSION));
      }
      Format format = Format.valueOf(in.readUTF());
      int width = in.readInt();
      int height = in.readInt();
      Point corner = readPoint(in);
      Point size = readPoint(in);
      Landmarks landmarks =
          new Landmarks(readPoint(in), readPoint(in), readPoint(in), readPoint(in), readPoint(in));
      ModelId detector = new ModelId(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF());
      float angle = version == VERSION_WITHOUT_ANGLE ? 0 : in.readFloat();
      return new Chip(
          in.readNBytes(in.readInt()),
          format,
          width,
          height,
          new Box(corner.x(), corner.y(), size.x(), size.y()),
          landmarks,
          detector,
          angle);
    } catch (IOException e) {
      throw new ChipDamagedException("it ends too early");
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static void writePoint(DataOutputStream out, Point point) throws IOException {
    out.writeFloat(point.x());
    out.writeFloat(point.y());
  }

  private static Point readPoint(DataInputStream in) throws IOException {
    return new Point(in.readFloat(), in.readFloat());
  }
}
