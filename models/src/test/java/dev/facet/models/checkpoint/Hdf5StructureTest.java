package dev.facet.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The walk on a hand-made file of the kind that h5py writes: a root group with a symbol table of
 * one name, which leads to an empty header.
 */
class Hdf5StructureTest {

  private static final int ROOT = 0x100;
  private static final int TREE = 0x200;
  private static final int HEAP = 0x300;
  private static final int NAMES = 0x340;
  private static final int SYMBOLS = 0x400;
  private static final int CHILD = 0x500;
  private static final int FREE = 0x600;
  private static final int SIZE = 0x1000;

  private final ByteBuffer file = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  @BeforeEach
  void write() {
    file.put(13, (byte) 8).put(14, (byte) 8).putLong(40, SIZE).putLong(64, ROOT);
    header(ROOT, 1, 24);
    message(ROOT + 16, 0x11, 16).putLong(ROOT + 24, TREE).putLong(ROOT + 32, HEAP);
    signature(TREE, "TREE").putShort(TREE + 6, (short) 1).putLong(TREE + 32, SYMBOLS);
    signature(HEAP, "HEAP").putLong(HEAP + 8, 16).putLong(HEAP + 24, NAMES);
    file.put(NAMES, (byte) 'x');
    signature(SYMBOLS, "SNOD").putShort(SYMBOLS + 6, (short) 1).putLong(SYMBOLS + 16, CHILD);
    header(CHILD, 0, 0);
  }

  @Test
  void honestFileIsLetThrough() {
    assertThatCode(() -> Hdf5Structure.check(file)).doesNotThrowAnyException();
  }

  @Test
  void treeNodeThatIsItsOwnChildIsRefused() {
    file.put(TREE + 5, (byte) 1).putLong(TREE + 32, TREE);

    assertRefused("two ways to one block");
  }

  @Test
  void groupThatIsItsOwnChildIsRefused() {
    file.putLong(SYMBOLS + 16, ROOT);

    assertRefused("two ways to one block");
  }

  @Test
  void manyLinksToOneHeaderAreRefused() {
    file.putShort(SYMBOLS + 6, (short) 2).putLong(SYMBOLS + 56, CHILD);

    assertRefused("two ways to one block");
  }

  @Test
  void headerThatContinuesInItselfIsRefused() {
    header(CHILD, 2, 24);
    message(CHILD + 16, 0x10, 16).putLong(CHILD + 24, CHILD).putLong(CHILD + 32, 64);

    assertRefused("two ways to one block");
  }

  @Test
  void blockBeyondTheEndIsRefused() {
    header(CHILD, 1, Integer.MAX_VALUE);

    assertRefused("a header block of 2,147,483,647 bytes");
  }

  @Test
  void nameWithoutAnEndIsRefused() {
    file.putLong(HEAP + 24, FREE);
    for (int at = FREE; at < SIZE; at++) {
      file.put(at, (byte) 'x');
    }

    assertRefused("a name that is too long");
  }

  @Test
  void softLinksChunksAndSharedMessagesAreRefusedByName() {
    file.putInt(SYMBOLS + 24, 2);
    assertRefused("a link to another place");
    file.putInt(SYMBOLS + 24, 0);

    header(CHILD, 1, 24);
    message(CHILD + 16, 0x08, 16).put(CHILD + 24, (byte) 3).put(CHILD + 25, (byte) 2);
    assertRefused("a dataset in chunks");

    file.put(CHILD + 20, (byte) 2);
    assertRefused("shared header messages");
  }

  @Test
  void linksInAHeapAreRefusedByName() {
    header(CHILD, 1, 32);
    message(CHILD + 16, 0x02, 24).putLong(CHILD + 26, 0x580).putLong(CHILD + 34, 0x590);

    assertRefused("links or attributes in a heap");
  }

  @Test
  void fileShorterThanItSaysIsRefused() {
    file.putLong(40, SIZE + 1);

    assertRefused("cut short: 4,096 bytes of 4,097");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> Hdf5Structure.check(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  private void header(int at, int messages, int bytes) {
    file.put(at, (byte) 1).putShort(at + 2, (short) messages).putInt(at + 8, bytes);
  }

  private ByteBuffer message(int at, int type, int bytes) {
    return file.putShort(at, (short) type).putShort(at + 2, (short) bytes);
  }

  private ByteBuffer signature(int at, String signature) {
    for (int i = 0; i < signature.length(); i++) {
      file.put(at + i, (byte) signature.charAt(i));
    }
    return file;
  }
}
