package dev.facet.gateway;

import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A fake detector and a fake embedder on one port of loopback. */
final class FakeServices implements AutoCloseable {
  private final FakeDetector detector = new FakeDetector();
  private final FakeEmbedder embedder = new FakeEmbedder();
  private final Server server;

  FakeServices() {
    this(0);
  }

  FakeServices(int port) {
    server = start(port, detector, embedder);
  }

  static Server start(int port, BindableService... services) {
    var builder =
        Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
            .maxInboundMessageSize(1 << 25);
    for (BindableService service : services) {
      builder.addService(service);
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FakeDetector detector() {
    return detector;
  }

  FakeEmbedder embedder() {
    return embedder;
  }

  int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
