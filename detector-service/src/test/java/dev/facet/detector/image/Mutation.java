package dev.facet.detector.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

/** Damages a picture at random, and the same for the same number. */
final class Mutation {
  private static final int[] TELLING = {0, 1, 0x40, 0x7f, 0x80, 0xfe, 0xff, 0xd9, 0xda};
  private static final int PNG_START = 0x89504e47;
  private static final int LONGEST_RUN = 64;

  private final Random random;
  private final List<byte[]> pictures;

  private Mutation(Random random, List<byte[]> pictures) {
    this.random = random;
    this.pictures = pictures;
  }

  /** One of the pictures, damaged in one to four ways. */
  static byte[] of(List<byte[]> pictures, long number) {
    return new Mutation(new Random(number), pictures).damaged();
  }

  private byte[] damaged() {
    byte[] picture = any().clone();
    for (int i = random.nextInt(4); i >= 0 && picture.length > 1; i--) {
      picture = damaged(picture);
    }
    return random.nextBoolean() ? withSums(picture) : picture;
  }

  private byte[] damaged(byte[] picture) {
    int at = random.nextInt(picture.length);
    int run = Math.min(picture.length - at, 1 + random.nextInt(LONGEST_RUN));
    switch (random.nextInt(7)) {
      case 0, 1 -> picture[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> picture[at] = (byte) TELLING[random.nextInt(TELLING.length)];
      case 3 -> {
        for (int i = 0; i < run; i++) {
          picture[at + i] = (byte) random.nextInt(256);
        }
      }
      case 4 -> {
        return joined(picture, at, picture, at + run); // a run is missing
      }
      case 5 -> {
        return joined(picture, at + run, picture, at); // a run is there twice
      }
      default -> {
        byte[] other = any();
        return joined(picture, at, other, random.nextInt(other.length));
      }
    }
    return picture;
  }

  private byte[] any() {
    return pictures.get(random.nextInt(pictures.size()));
  }

  private static byte[] joined(byte[] head, int to, byte[] tail, int from) {
    byte[] joined = Arrays.copyOf(head, to + tail.length - from);
    System.arraycopy(tail, from, joined, to, tail.length - from);
    return joined;
  }

  /** A PNG whose chunks have the right sums, so that its damage reaches what is behind them. */
  private static byte[] withSums(byte[] picture) {
    ByteBuffer bytes = ByteBuffer.wrap(picture);
    if (picture.length < 8 || bytes.getInt(0) != PNG_START) {
      return picture;
    }
    int at = 8;
    while (at <= picture.length - 12) {
      int length = bytes.getInt(at);
      if (length < 0 || length > picture.length - at - 12) {
        break;
      }
      CRC32 sum = new CRC32();
      sum.update(picture, at + 4, 4 + length);
      bytes.putInt(at + 8 + length, (int) sum.getValue());
      at += 12 + length;
    }
    return picture;
  }
}
