package dev.facet.gateway;

import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.proto.v1.FaceServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The whole gateway, as its main runs it, on a free port of loopback. */
final class TestGateway implements GatewayCalls, AutoCloseable {
  private final ServiceHost host;
  private final Thread main;
  private final ManagedChannel channel;

  private TestGateway(ServiceHost host, Thread main) {
    this.host = host;
    this.main = main;
    this.channel =
        Grpc.newChannelBuilder("127.0.0.1:" + host.grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  /** A gateway in front of two services, ready. */
  static TestGateway ready(Path data, FakeServices services, String... settings) {
    TestGateway gateway = answering(data, services.port(), settings);
    gateway.awaitHealth("readiness", ServingStatus.SERVING);
    return gateway;
  }

  /** A gateway that answers, whatever it finds at the port of its services. */
  static TestGateway answering(Path data, int port, String... settings) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "grpc.port=0",
                "admin.port=0",
                "drain.delay=0s",
                "data.directory=" + data,
                "backend.detector=127.0.0.1:" + port,
                "backend.embedder=127.0.0.1:" + port));
    args.addAll(List.of(settings));
    GatewaySettings loaded = Settings.load(GatewaySettings.class, args.toArray(String[]::new));
    CompletableFuture<ServiceHost> answering = new CompletableFuture<>();
    Thread main =
        Thread.ofPlatform()
            .name("gateway-main")
            .start(
                () -> {
                  try {
                    GatewayMain.run(loaded, answering::complete);
                  } catch (RuntimeException e) {
                    answering.completeExceptionally(e);
                    throw e;
                  }
                });
    return new TestGateway(answering.join(), main);
  }

  int port() {
    return host.grpcPort();
  }

  @Override
  public ManagedChannel channel() {
    return channel;
  }

  /** The health of a name now. */
  ServingStatus health(String name) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(patience())
        .check(HealthCheckRequest.newBuilder().setService(name).build())
        .getStatus();
  }

  /** Returns when calls are answered, ready or not. */
  void awaitAnswers() {
    awaitHealth(FaceServiceGrpc.SERVICE_NAME, ServingStatus.NOT_SERVING);
  }

  /** Returns when the health of a name is as wanted. */
  void awaitHealth(String name, ServingStatus wanted) {
    Iterator<HealthCheckResponse> changes =
        HealthGrpc.newBlockingStub(channel)
            .withDeadlineAfter(patience())
            .watch(HealthCheckRequest.newBuilder().setService(name).build());
    while (changes.hasNext()) {
      if (changes.next().getStatus() == wanted) {
        return;
      }
    }
  }

  /** The page of metrics. */
  String metrics() throws Exception {
    URI page = URI.create("http://127.0.0.1:" + host.adminPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** Begins the end, on a thread of its own, as SIGTERM does: clients are still connected. */
  void drain() {
    Thread.ofVirtual().start(host::close);
  }

  /** Ends the gateway; what it keeps is on disk. */
  @Override
  public void close() {
    channel.shutdownNow();
    host.close();
    try {
      main.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
