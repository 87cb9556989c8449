package dev.facet.bootstrap;

/** When a door that not everybody should find is open, by the address that a service listens on. */
public enum Exposure {
  LOOPBACK,
  ALWAYS,
  NEVER;

  /** Whether it is open on a service that listens there. */
  public boolean on(GrpcSettings grpc) {
    return this == ALWAYS || (this == LOOPBACK && Require.isLoopback(grpc.host()));
  }
}
