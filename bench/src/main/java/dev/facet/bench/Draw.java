package dev.facet.bench;

import dev.facet.gateway.ledger.UnitVector;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Who is in a gallery, who is asked for, and who is deleted; a row of the gallery is a photo. */
final class Draw {

  private static final int MOST_PHOTOS = 5;

  /** People drawn at a time by one thread. */
  private static final int PART = 256;

  private final FaceVectors faces;

  /** First row of every person, and the number of rows at the end. */
  private final int[] firstRows;

  /** People, each with a photo more than the gallery has. */
  private final int[] asked;

  private final BitSet deleted;

  private Draw(FaceVectors faces, int[] firstRows, int[] asked, BitSet deleted) {
    this.faces = faces;
    this.firstRows = firstRows;
    this.asked = asked;
    this.deleted = deleted;
  }

  /**
   * Draws the numbers alone: 1 to 5 photos a person until there are enough rows.
   *
   * @param deleted share of the rows
   */
  static Draw of(FaceVectors faces, int rows, int queries, double deleted, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] firstRows = new int[rows + 1];
    int people = 0;
    for (int row = 0; row < rows; row = firstRows[people]) {
      int photos = 1 + random.nextInt(MOST_PHOTOS);
      firstRows[++people] = Math.min(rows, row + photos);
    }
    BitSet dead = new BitSet(rows);
    for (long left = Math.round(rows * deleted); left > 0; ) {
      int row = random.nextInt(rows);
      if (!dead.get(row)) {
        dead.set(row);
        left--;
      }
    }
    int[] asked = random.ints(0, people).distinct().limit(Math.min(queries, people)).toArray();
    return new Draw(faces, Arrays.copyOf(firstRows, people + 1), asked, dead);
  }

  int people() {
    return firstRows.length - 1;
  }

  /** Rows that are deleted once the gallery is built. */
  BitSet deleted() {
    return deleted;
  }

  /** Draws all photos of the gallery. */
  void write(VectorFile file, int threads) {
    Workers.each(
        threads,
        Math.ceilDiv(people(), PART),
        part -> {
          float[] photos = new float[MOST_PHOTOS * FaceFactors.DIMENSION];
          int last = Math.min(people(), (part + 1) * PART);
          for (int person = part * PART; person < last; person++) {
            FaceVectors.Photos drawn = faces.of(person);
            int count = firstRows[person + 1] - firstRows[person];
            for (int photo = 0; photo < count; photo++) {
              drawn.next(photos, photo * FaceFactors.DIMENSION);
            }
            file.write(firstRows[person], count, photos);
          }
        });
  }

  /** Draws the photos that are looked for: of every asked person the one after the gallery's. */
  List<UnitVector> queries() {
    return IntStream.of(asked).mapToObj(this::query).toList();
  }

  private UnitVector query(int person) {
    FaceVectors.Photos drawn = faces.of(person);
    float[] photo = new float[FaceFactors.DIMENSION];
    for (int row = firstRows[person]; row <= firstRows[person + 1]; row++) {
      drawn.next(photo, 0);
    }
    return UnitVector.of(photo);
  }
}
