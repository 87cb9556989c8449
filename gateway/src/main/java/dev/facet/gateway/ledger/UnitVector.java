package dev.facet.gateway.ledger;

import dev.facet.gateway.ledger.LedgerRefusal.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * An embedding: finite, of unit length within 1e-3 of its square, immutable.
 *
 * <p>So whoever holds one need not check it, and squared distances lie between 0 and 4.
 */
public final class UnitVector {
  private static final double TOLERANCE = 1e-3;

  private final float[] values;

  private UnitVector(float[] values) {
    this.values = values;
  }

  /**
   * A vector of a copy of the values.
   *
   * @throws LedgerRefusal VECTOR_NOT_FINITE, VECTOR_NOT_UNIT
   */
  public static UnitVector of(float... values) {
    double square = 0;
    for (float value : values) {
      square += (double) value * value;
    }
    if (!Double.isFinite(square)) {
      throw new LedgerRefusal(
          Reason.VECTOR_NOT_FINITE, "the vector has values that are not finite");
    }
    if (Math.abs(square - 1) > TOLERANCE) {
      throw new LedgerRefusal(
          Reason.VECTOR_NOT_UNIT,
          "the squares of the vector's values add up to %.4g, not 1".formatted(square));
    }
    return new UnitVector(values.clone());
  }

  /** A vector as {@link #bytes} wrote it. */
  static UnitVector ofBytes(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new UnitVector(values);
  }

  /** The values as little-endian float32. */
  byte[] bytes() {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  public int dimension() {
    return values.length;
  }

  public float value(int index) {
    return values[index];
  }

  /** A copy of the values. */
  public float[] values() {
    return values.clone();
  }

  /** Squared L2 distance to a vector of the same dimension, summed in double precision; 0 to 4. */
  public double squaredDistance(UnitVector other) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      double difference = (double) values[i] - other.values[i];
      sum += difference * difference;
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnitVector vector && Arrays.equals(values, vector.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Says nothing of the values: they are biometric data, and text ends up in logs. */
  @Override
  public String toString() {
    return "UnitVector[dimension=" + values.length + "]";
  }
}
