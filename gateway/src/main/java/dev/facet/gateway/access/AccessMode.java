package dev.facet.gateway.access;

/** Whom the gateway answers. */
public enum AccessMode {
  /** Everybody, who is then the operator; on loopback only. */
  OPEN,
  /** Holders of a key. */
  KEYS
}
