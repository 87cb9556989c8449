package dev.facet.bootstrap;

/** Everything a {@link ServiceHost} is told: its two doors and its end. */
public record ServerSettings(GrpcSettings grpc, AdminSettings admin, DrainSettings drain) {}
