package dev.facet.gateway.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.milvus.MilvusContainer;

/** Milvus in a container, at a port of loopback that stays the same over restarts. */
final class MilvusImage implements AutoCloseable {
  private static final String NAME = "milvusdb/milvus:v2.3.5";

  /**
   * Whoever started it asks it a real question. Testcontainers would ask for its health at an
   * address that inside of a container is not loopback.
   */
  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }

  private final MilvusContainer container;
  private final String uri;

  private MilvusImage(MilvusContainer container, String uri) {
    this.container = container;
    this.uri = uri;
  }

  /**
   * A started one, which may not answer yet; empty where no Docker API answers, at {@code
   * DOCKER_HOST} or Docker's socket, or the image is not there.
   *
   * @param settings of Milvus, by their paths in its file
   * @throws RuntimeException when it does not start
   */
  // Whoever gets it closes it.
  @SuppressWarnings("resource")
  static Optional<MilvusImage> start(Map<String, String> settings) throws IOException {
    if (!isHere()) {
      return Optional.empty();
    }
    int port = Ports.free();
    MilvusContainer container = new MilvusContainer(NAME);
    container.setExposedPorts(List.of(19530));
    container.setPortBindings(List.of("127.0.0.1:" + port + ":19530"));
    container.waitingFor(new NoWait());
    settings.forEach((path, value) -> container.addEnv(MilvusEngine.variable(path), value));
    container.start();
    return Optional.of(new MilvusImage(container, "http://127.0.0.1:" + port));
  }

  /**
   * Asks without Testcontainers, which would try for minutes to fetch an image over a network that
   * may not be there.
   */
  private static boolean isHere() {
    URI host =
        URI.create(System.getenv().getOrDefault("DOCKER_HOST", "unix:///var/run/docker.sock"));
    SocketAddress address =
        host.getScheme().equals("unix")
            ? UnixDomainSocketAddress.of(Path.of(host.getPath()))
            : new InetSocketAddress(host.getHost(), host.getPort());
    try (SocketChannel channel = SocketChannel.open(address)) {
      String question = "GET /images/" + NAME + "/json HTTP/1.0\r\nHost: docker\r\n\r\n";
      channel.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate("HTTP/1.0 200".length());
      while (answer.hasRemaining() && channel.read(answer) >= 0) {
        // Its first line says it.
      }
      return new String(answer.array(), StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }

  String uri() {
    return uri;
  }

  /** SIGKILL to all that runs in it. */
  void kill() {
    container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
  }

  /** Starts it again on the same data, after a kill; it may not answer yet. */
  void restart() {
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void close() {
    container.close();
  }
}
