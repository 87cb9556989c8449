package dev.facet.gateway.register;

/**
 * Face ids as registers: each is absent or holds one version of a face. Any thread may call.
 *
 * <p>A call that throws is one of which nobody knows whether it took effect.
 */
public interface Register {
  /** False when the id stands for another version now. */
  boolean enroll(String faceId, int version) throws Exception;

  /** False for an id that never was. */
  boolean delete(String faceId) throws Exception;

  /** The version found by a search that sees every acknowledged write; 0 when there is none. */
  int read(String faceId) throws Exception;
}
