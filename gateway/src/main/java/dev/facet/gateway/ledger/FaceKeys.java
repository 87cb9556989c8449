package dev.facet.gateway.ledger;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Some faces of a collection, each by the sequence number of its enrolment; immutable. */
public final class FaceKeys {
  private final long[] ascending;

  private FaceKeys(long[] ascending) {
    this.ascending = ascending;
  }

  /** The keys in any order; repeated ones count once. */
  public static FaceKeys of(long... keys) {
    return of(Arrays.stream(keys));
  }

  /** The keys in any order; repeated ones count once. */
  public static FaceKeys of(LongStream keys) {
    return new FaceKeys(keys.sorted().distinct().toArray());
  }

  public boolean contains(long key) {
    return Arrays.binarySearch(ascending, key) >= 0;
  }

  public int size() {
    return ascending.length;
  }

  /** Ascending. */
  public LongStream stream() {
    return Arrays.stream(ascending);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FaceKeys keys && Arrays.equals(ascending, keys.ascending);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ascending);
  }

  @Override
  public String toString() {
    return Arrays.toString(ascending);
  }
}
