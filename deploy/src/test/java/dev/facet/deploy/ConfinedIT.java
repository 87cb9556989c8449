package dev.facet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** K06 to K08: the services run with what the manifests leave them, and within their memory. */
class ConfinedIT {
  private static final Path SHARED =
      Path.of(System.getenv().getOrDefault("FACET_SHARED", Repository.ROOT + "/../shared"));

  /** A side of the largest picture that is taken: 49 megapixels. */
  private static final int LARGEST_SIDE = 7_000;

  private static final long GIBIBYTE = 1L << 30;

  @ParameterizedTest
  @ValueSource(strings = {"detector-service", "embedder-service", "gateway"})
  void k06_k07_startsWithReadOnlyRootAsAnyUserWithoutCapabilities(String module)
      throws IOException, InterruptedException {
    try (Confinement place = Confinement.make(module);
        ConfinedService service =
            ConfinedService.start(module, "-", place.writable(), place.settings())) {
      if (!module.equals("gateway")) {
        var _ = service.awaitReady();
      } else {
        var _ = service.awaitAlive(); // ready is one that has a detector and an embedder
      }

      assertThat(service.proc("status"))
          .containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001")
          .containsPattern("CapEff:\\s+0{16}")
          .containsPattern("CapBnd:\\s+0{16}")
          .containsPattern("NoNewPrivs:\\s+1");
      assertThat(service.proc("mountinfo").lines())
          .anyMatch(line -> line.contains(" / / ro,"))
          .anyMatch(line -> line.contains(" / /tmp rw,"));
    }
  }

  @Test
  void k08_detectorOfTheLimitOfItsPodIsNotKilledAtFullLoad()
      throws IOException, InterruptedException {
    Manifest detector = Deployed.overlay("cpu").workload("detector");
    String limit = Deployed.container(detector).at("/resources/limits/memory").asText();
    assertThat(limit).endsWith("Gi");
    long bytes = Long.parseLong(limit.replace("Gi", "")) * GIBIBYTE;

    try (Confinement place = Confinement.make("k08");
        MemoryCgroup memory = MemoryCgroup.of(bytes);
        ConfinedService service =
            ConfinedService.start(
                "detector-service", memory.processes(), place.writable(), place.settings())) {
      var _ = service.awaitReady();
      Path photos = Files.createDirectory(place.folder().resolve("photos"));
      for (String name : List.of("paul_rudd.jpg", "multiface.jpg", "dara_1.jpg")) {
        Files.copy(SHARED.resolve("photos").resolve(name), photos.resolve(name));
      }
      ImageIO.write(
          new BufferedImage(LARGEST_SIDE, LARGEST_SIDE, BufferedImage.TYPE_3BYTE_BGR),
          "jpeg",
          photos.resolve("largest.jpg").toFile());

      JsonNode result = load(service.address(), photos).at("/runs/0/result");

      assertThat(service.isAlive()).isTrue();
      assertThat(memory.kills()).isZero();
      assertThat(memory.peak()).isBetween(bytes / 10, bytes);
      assertThat(result.path("answered").asInt()).isGreaterThan(16);
    }
  }

  /** Sixteen clients for a quarter of a minute, by {@code facet load}. */
  private static JsonNode load(String address, Path photos) throws IOException {
    Path jar = Repository.ROOT.resolve("bench/target/bench.jar");
    String report =
        Tool.run(
            Repository.ROOT,
            Map.of(),
            List.of(
                ConfinedService.java().toString(),
                "-Xmx512m",
                "-cp",
                jar.toString(),
                "dev.facet.bench.load.LoadMain",
                "--call=detector",
                "--at=" + address,
                "--photos=" + photos,
                "--clients=16",
                "--duration=15",
                "--warmup=2",
                "--timeout=60",
                "--lateness=1000",
                "--json"));
    return new JsonMapper().readTree(report);
  }

  /** A folder in the checkout's own output that anybody may write to, with the models beside. */
  private record Confinement(Path folder) implements AutoCloseable {

    static Confinement make(String name) throws IOException {
      assumeTrue(
          Files.isDirectory(SHARED.resolve("models")), "confined: FACET_SHARED holds no models/");
      Path parent = Files.createDirectories(Repository.ROOT.resolve("deploy/target/confined"));
      return new Confinement(Files.createTempDirectory(parent, name));
    }

    Path writable() throws IOException {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      return Files.createDirectories(folder.resolve("writable"));
    }

    String[] settings() throws IOException {
      return folder.getFileName().toString().startsWith("gateway")
          ? new String[] {"data.directory=" + writable()}
          : new String[] {
            "models.cache=" + writable(),
            "models.mirror=" + SHARED.resolve("models").toRealPath(),
            "models.sources=mirror"
          };
    }

    @Override
    public void close() throws IOException {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
