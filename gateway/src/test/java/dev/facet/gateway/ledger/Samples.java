package dev.facet.gateway.ledger;

import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Made-up collections, faces and vectors for tests. */
public final class Samples {
  public static final ModelId MODEL = new ModelId("edgeface-xs", "1", "aa", "bb");
  public static final ModelId OTHER_MODEL = new ModelId("edgeface-xs", "1", "aa", "cc");
  public static final int DIMENSION = 16;
  public static final CollectionDetails DETAILS =
      new CollectionDetails("", 1.25f, Optional.empty(), "{}");

  private Samples() {}

  /** A new collection, and its tenant when that is not there. */
  public static FaceCollection collection(Ledger ledger, String tenant, String id) {
    ledger.createTenant(tenant);
    return ledger.createCollection(new CollectionKey(tenant, id), MODEL, DIMENSION, DETAILS);
  }

  /** The one collection of a test that needs no other. */
  public static FaceCollection collection(Ledger ledger) {
    return collection(ledger, "default", "people");
  }

  /** A vector in any direction. */
  public static UnitVector vector(Random random, int dimension) {
    float[] values = new float[dimension];
    double square = 0;
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
      square += values[i] * values[i];
    }
    for (int i = 0; i < dimension; i++) {
      values[i] /= (float) Math.sqrt(square);
    }
    return UnitVector.of(values);
  }

  /** A vector that depends on the text alone. */
  public static UnitVector vector(String text) {
    return vector(new Random(text.hashCode()), DIMENSION);
  }

  /** A face whose vector and content depend on its id alone. */
  public static NewFace face(String id) {
    return face(id, vector(id), "{}", Optional.empty());
  }

  public static NewFace face(String id, UnitVector vector, String metadata, Optional<String> chip) {
    return new NewFace(id, vector, "content of " + id, "", metadata, "", chip);
  }

  public static Enrollment enrollment(String subject, NewFace... faces) {
    return new Enrollment(MODEL, subject, Optional.empty(), List.of(faces), Optional.empty());
  }

  public static Enrollment enrollment(String subject, RequestRecord request, NewFace... faces) {
    return new Enrollment(MODEL, subject, Optional.empty(), List.of(faces), Optional.of(request));
  }

  /** Enrols one face for each id and returns the sequence number of the last. */
  public static long enroll(
      Ledger ledger, FaceCollection collection, String subject, String... ids) {
    long sequence = 0;
    for (String id : ids) {
      EnrollOutcome outcome = ledger.enroll(collection, enrollment(subject, face(id)));
      sequence = ((EnrollOutcome.Stored) outcome).sequence();
    }
    return sequence;
  }
}
