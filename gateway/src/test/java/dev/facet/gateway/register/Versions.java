package dev.facet.gateway.register;

import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.UnitVector;
import java.util.Random;

/**
 * The vectors of a face id's versions: all near one direction, each at an angle that tells which
 * version it is; other ids' are far away.
 */
public final class Versions {
  /** Versions are told apart by distance, so there may be no more. */
  public static final int MAX = 50;

  /** Squared; farther than every version of an id, nearer than those of any other. */
  public static final float REACH = 1;

  private static final double RADIANS = 0.01;

  private Versions() {}

  /** The direction of an id, to search with. */
  public static UnitVector of(String faceId, int dimension) {
    return Samples.vector(new Random(faceId.hashCode()), dimension);
  }

  /** The vector of one version, 1 to {@link #MAX}. */
  public static UnitVector of(String faceId, int version, int dimension) {
    UnitVector direction = of(faceId, dimension);
    UnitVector other = Samples.vector(new Random(31L * faceId.hashCode() + 7), dimension);
    double along = 0;
    for (int i = 0; i < dimension; i++) {
      along += (double) direction.value(i) * other.value(i);
    }
    double across = Math.sqrt(1 - along * along);
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      double perpendicular = (other.value(i) - along * direction.value(i)) / across;
      values[i] =
          (float)
              (Math.cos(version * RADIANS) * direction.value(i)
                  + Math.sin(version * RADIANS) * perpendicular);
    }
    return UnitVector.of(values);
  }

  /** The version whose vector lies at this squared distance from the direction. */
  public static int at(float squaredDistance) {
    return (int) Math.round(Math.acos(1 - squaredDistance / 2.0) / RADIANS);
  }
}
