package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code facet up} needs of the machine: ports, a data folder, processes. */
class LocalMachineTest {

  @TempDir private Path folder;

  @BeforeEach
  void linux() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux' /proc");
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @Test
  void theHolderOfAPortIsFound() throws IOException {
    try (ServerSocket socket = listen()) {
      assertThat(PortHolder.of(socket.getLocalPort()))
          .get()
          .asString()
          .startsWith("process %d (".formatted(ProcessHandle.current().pid()))
          .contains("java");
    }
  }

  @Test
  void aFreePortHasNoHolder() throws IOException {
    int port;
    try (ServerSocket socket = listen()) {
      port = socket.getLocalPort();
    }
    assertThat(PortHolder.of(port)).isEmpty();
  }

  @Test
  void everyTakenPortIsNamedWithItsHolder() throws IOException {
    Ports free = Ports.free();
    free.requireFree();
    try (ServerSocket one = listen();
        ServerSocket other = listen()) {
      Ports taken =
          new Ports(
              free.gateway(),
              new Ports.Doors(one.getLocalPort(), free.detector().admin()),
              new Ports.Doors(free.embedder().grpc(), other.getLocalPort()));
      assertThatThrownBy(taken::requireFree)
          .hasMessageContaining("port %d is taken by process ".formatted(one.getLocalPort()))
          .hasMessageContaining("port %d is taken by process ".formatted(other.getLocalPort()))
          .hasMessageEndingWith("--ports auto takes free ones");
    }
  }

  @Test
  void aRowOfPortsIsFreeUntilOneOfThemIsTaken() throws IOException {
    int first = Ports.row(11);
    assertThat(first).isBetween(20_000, 32_000);
    assertThat(Ports.isFree(first, 11)).isTrue();
    try (ServerSocket _ = new ServerSocket(first + 10, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(first, 11)).isFalse();
      assertThat(Ports.isFree(first, 10)).isTrue();
    }
  }

  @Test
  void theEngineOfMilvusIsInTheCacheThatXdgNames() {
    Path home = Path.of("/home/ada");
    assertThat(MilvusPackage.standard(Map.of(), home).folder())
        .isEqualTo(Path.of("/home/ada/.cache/facet/milvus-2.3.5"));
    assertThat(MilvusPackage.standard(Map.of("XDG_CACHE_HOME", "/cache"), home).folder())
        .isEqualTo(Path.of("/cache/facet/milvus-2.3.5"));
    assertThat(MilvusPackage.standard(Map.of("XDG_CACHE_HOME", "cache"), home).folder())
        .isEqualTo(Path.of("/home/ada/.cache/facet/milvus-2.3.5"));
  }

  @Test
  void aDataFolderIsHeldByOneAtATime() {
    try (DataDirectory held = DataDirectory.take(folder.resolve("data"))) {
      assertThat(held.path()).isDirectory();
      assertThatThrownBy(() -> DataDirectory.take(held.path()))
          .hasMessageContaining("is in use by another facet up")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    DataDirectory.take(folder.resolve("data")).close();
  }

  @Test
  void theStandardDataFolderFollowsXdg() {
    Path home = Path.of("/home/ada");
    assertThat(DataDirectory.standard(Map.of(), home))
        .isEqualTo(Path.of("/home/ada/.local/share/facet"));
    assertThat(DataDirectory.standard(Map.of("XDG_DATA_HOME", "/data"), home))
        .isEqualTo(Path.of("/data/facet"));
    assertThat(DataDirectory.standard(Map.of("XDG_DATA_HOME", "data"), home))
        .isEqualTo(Path.of("/home/ada/.local/share/facet"));
  }

  @Test
  @Timeout(60)
  void aServiceThatEndsIsNamedWithTheEndOfItsLog() throws Exception {
    Ports.Doors doors = Ports.free().gateway();
    try (ServiceProcess lasting =
            new ServiceProcess(
                "detector", List.of("sleep", "600"), doors, folder.resolve("logs/detector.log"));
        ServiceProcess failing =
            new ServiceProcess(
                "gateway",
                List.of("sh", "-c", "echo first; echo no disk left >&2; exit 3"),
                doors,
                folder.resolve("logs/gateway.log"));
        Cluster cluster = new Cluster(List.of(failing, lasting))) {
      assertThat(cluster.awaitDeath())
          .hasMessageContaining("the gateway ended with exit code 3")
          .hasMessageContaining("no disk left");
    }
  }

  @Test
  @Timeout(60)
  void closingAClusterEndsItsProcessesInOrder() throws Exception {
    Ports.Doors doors = Ports.free().gateway();
    Path order = folder.resolve("order");
    List<ServiceProcess> services =
        List.of("gateway", "detector").stream()
            .map(
                name ->
                    new ServiceProcess(
                        name,
                        List.of(
                            "sh",
                            "-c",
                            "trap 'echo %s >> %s; exit 0' TERM; echo up; while :; do sleep 0.05; done"
                                .formatted(name, order)),
                        doors,
                        folder.resolve(name + ".log")))
            .toList();
    for (String name : List.of("gateway", "detector")) {
      while (Files.size(folder.resolve(name + ".log")) == 0) {
        Thread.onSpinWait();
      }
    }
    new Cluster(services).close();

    assertThat(Files.readAllLines(order)).containsExactly("gateway", "detector");
  }
}
