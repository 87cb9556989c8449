package dev.facet.bench.gpu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Clears the code for other GPUs from a library, in place.
 *
 * <p>Arguments: the library (ELF, 64 bits, less than 2 GiB) and the GPU's architecture, 90 for
 * sm_90. Ends with 65 where the library has no code for it.
 */
final class OneGpu {

  private static final int ELF = 0x464C457F;
  private static final int SECTION_HEADER = 64;
  private static final String SECTION = ".nv_fatbin";

  private OneGpu() {}

  public static void main(String[] arguments) throws IOException {
    Path library = Path.of(arguments[0]);
    FatBinaries.Outcome outcome = keep(library, Integer.parseInt(arguments[1]));
    System.out.printf(
        "%s: kept %s, cleared %s (bytes by architecture)%n",
        library.getFileName(), outcome.kept(), outcome.cleared());
    if (outcome.kept().isEmpty()) {
      System.err.printf("%s has no code for sm_%s%n", library.getFileName(), arguments[1]);
      System.exit(65);
    }
  }

  static FatBinaries.Outcome keep(Path library, int architecture) throws IOException {
    try (FileChannel file =
        FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
      return FatBinaries.keep(section(bytes), architecture);
    }
  }

  /** The section with the GPU's code. */
  private static ByteBuffer section(ByteBuffer elf) {
    if (elf.limit() < SECTION_HEADER || elf.getInt(0) != ELF || elf.get(4) != 2) {
      throw new IllegalArgumentException("no 64-bit ELF library");
    }
    int headers = Math.toIntExact(elf.getLong(0x28));
    int number = Short.toUnsignedInt(elf.getShort(0x3C));
    int names = offset(elf, headers + SECTION_HEADER * Short.toUnsignedInt(elf.getShort(0x3E)));
    for (int i = 0; i < number; i++) {
      int header = headers + i * SECTION_HEADER;
      if (startsWith(elf, names + elf.getInt(header), SECTION + "\0")) {
        return elf.slice(offset(elf, header), Math.toIntExact(elf.getLong(header + 0x20)));
      }
    }
    throw new IllegalArgumentException("the library has no GPU code (" + SECTION + ")");
  }

  private static int offset(ByteBuffer elf, int header) {
    return Math.toIntExact(elf.getLong(header + 0x18));
  }

  private static boolean startsWith(ByteBuffer elf, int at, String name) {
    byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
    byte[] found = new byte[wanted.length];
    elf.get(at, found);
    return java.util.Arrays.equals(wanted, found);
  }
}
