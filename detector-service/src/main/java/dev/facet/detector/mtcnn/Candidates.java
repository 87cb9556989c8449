package dev.facet.detector.mtcnn;

import java.util.Arrays;

/**
 * Boxes that may show a face, each with its corners, its score and a few further numbers, in one
 * array.
 */
public final class Candidates {
  /** Displacements of the four corners, in sides of the box. */
  static final int REGRESSION = 4;

  /** Five points, first all x, then all y. */
  static final int LANDMARKS = 10;

  private static final int SCORE = 4;
  private static final int EXTRAS = 5;

  private final int stride;
  private float[] numbers;
  private int size;

  /**
   * @param extras further numbers of each candidate
   */
  Candidates(int extras) {
    this.stride = EXTRAS + extras;
    this.numbers = new float[16 * stride];
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  public float left(int i) {
    return numbers[i * stride];
  }

  public float top(int i) {
    return numbers[i * stride + 1];
  }

  public float right(int i) {
    return numbers[i * stride + 2];
  }

  public float bottom(int i) {
    return numbers[i * stride + 3];
  }

  /** Probability that it is a face, 0 to 1. */
  public float score(int i) {
    return numbers[i * stride + SCORE];
  }

  /** Landmark {@code point}: left eye, right eye, nose, left and right corner of the mouth. */
  public float landmarkX(int i, int point) {
    return extra(i, point);
  }

  /** As {@link #landmarkX}. */
  public float landmarkY(int i, int point) {
    return extra(i, LANDMARKS / 2 + point);
  }

  float extra(int i, int at) {
    return numbers[i * stride + EXTRAS + at];
  }

  void add(float left, float top, float right, float bottom, float score, float... extras) {
    if ((size + 1) * stride > numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
    }
    int at = size++ * stride;
    numbers[at] = left;
    numbers[at + 1] = top;
    numbers[at + 2] = right;
    numbers[at + 3] = bottom;
    numbers[at + SCORE] = score;
    System.arraycopy(extras, 0, numbers, at + EXTRAS, extras.length);
  }

  void addAll(Candidates others) {
    int needed = (size + others.size) * stride;
    if (needed > numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(needed, 2 * numbers.length));
    }
    System.arraycopy(others.numbers, 0, numbers, size * stride, others.size * stride);
    size += others.size;
  }

  /** These of them, in this order. */
  Candidates select(int[] picks) {
    Candidates selected = new Candidates(stride - EXTRAS);
    selected.numbers = new float[Math.max(1, picks.length) * stride];
    for (int pick : picks) {
      System.arraycopy(numbers, pick * stride, selected.numbers, selected.size++ * stride, stride);
    }
    return selected;
  }

  /**
   * Moves each corner by its regression times the box's side.
   *
   * @param inclusive 1 where corners count as pixels that belong to the box, else 0
   */
  void regress(int inclusive) {
    for (int at = 0; at < size * stride; at += stride) {
      float width = numbers[at + 2] - numbers[at] + inclusive;
      float height = numbers[at + 3] - numbers[at + 1] + inclusive;
      for (int corner = 0; corner < REGRESSION; corner++) {
        numbers[at + corner] += numbers[at + EXTRAS + corner] * (corner % 2 == 0 ? width : height);
      }
    }
  }

  /** Makes each box a square around its centre, of its longer side. */
  void square() {
    for (int at = 0; at < size * stride; at += stride) {
      float width = numbers[at + 2] - numbers[at];
      float height = numbers[at + 3] - numbers[at + 1];
      float side = Math.max(width, height);
      numbers[at] = numbers[at] + width * 0.5f - side * 0.5f;
      numbers[at + 1] = numbers[at + 1] + height * 0.5f - side * 0.5f;
      numbers[at + 2] = numbers[at] + side;
      numbers[at + 3] = numbers[at + 1] + side;
    }
  }
}
