package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.testing.S3Server;
import dev.facet.gateway.testing.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** V17: archives that have no room for a chip. */
class FullArchiveTest {

  @Test
  void directoryOnAFullDiskReadsOnAndTakesChipsWhenThereIsRoom() {
    try (SmallDisk disk = SmallDisk.mount(1)) {
      requireRefusalAndRecovery(
          Archive.directory(disk.folder().resolve("archive"), new SettableClock()), disk);
    }
  }

  @Test
  void serverOnAFullDiskReadsOnAndTakesChipsWhenThereIsRoom() throws IOException {
    S3Server.shared(); // skips where there is none
    try (SmallDisk disk = SmallDisk.mount(2);
        S3Server server = S3Server.start(disk.folder())) {
      requireRefusalAndRecovery(new S3Archive(server.bucket("small"), new SettableClock()), disk);
    }
  }

  private static void requireRefusalAndRecovery(Archive archive, SmallDisk disk) {
    String early = archive.put(7, "f1", chip("a"));
    disk.fill();
    for (int attempt = 0; attempt < 3; attempt++) {
      assertThatThrownBy(() -> archive.put(7, "f2", chip("b")))
          .isInstanceOf(ArchiveFullException.class);
    }
    assertThat(archive.get(7, early)).get().matches(chip -> Chips.equal(chip, chip("a")));
    assertThat(archive.list(Optional.empty(), 10))
        .extracting(StoredChip::name)
        .containsExactly(early);
    disk.empty();
    String late = archive.put(7, "f2", chip("b"));
    assertThat(archive.get(7, late)).get().matches(chip -> Chips.equal(chip, chip("b")));
  }

  /** What services say that have no room, or none for this bucket. */
  @ParameterizedTest
  @CsvSource({
    "507, InsufficientStorage",
    "507, XMinioStorageFull",
    "403, QuotaExceeded",
    "400, XMinioAdminBucketQuotaExceeded",
    "503, InsufficientStorage"
  })
  void serviceThatSaysItIsFullIsUnderstood(int status, String code) throws IOException {
    AtomicInteger puts = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, status, code, puts));
    server.start();
    try {
      Archive archive =
          new S3Archive(
              settings("http://127.0.0.1:" + server.getAddress().getPort()), new SettableClock());
      assertThatThrownBy(() -> archive.put(7, "f1", chip("a")))
          .isInstanceOf(ArchiveFullException.class);
      assertThat(puts).hasValueLessThanOrEqualTo(2);
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, int status, String code, AtomicInteger puts)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      if (!exchange.getRequestMethod().equals("PUT")) {
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      puts.incrementAndGet();
      byte[] body =
          "<Error><Code>%s</Code><Message>no room</Message></Error>"
              .formatted(code)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/xml");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static S3Settings settings(String endpoint) {
    return new S3Settings(
        Optional.of("bucket"),
        Optional.of(endpoint),
        "us-east-1",
        "facet",
        true,
        Optional.of("key"),
        Optional.of("secret"),
        false,
        2,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }
}
