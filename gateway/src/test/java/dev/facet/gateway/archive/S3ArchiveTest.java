package dev.facet.gateway.archive;

import static dev.facet.gateway.archive.Chips.chip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive's contract on a real S3 server, and what only a server can do to it. */
class S3ArchiveTest implements ArchiveContract {
  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private static String bucket() {
    return "bucket" + BUCKETS.incrementAndGet();
  }

  @Override
  public Archive open(SettableClock clock) {
    return new S3Archive(S3Server.shared().bucket(bucket()), clock);
  }

  @Test
  void moreChipsThanAPageAreListedAndDropped() throws Exception {
    Archive archive = open(new SettableClock());
    try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
      List<Callable<String>> puts = new ArrayList<>();
      for (int i = 0; i < 2_500; i++) {
        String id = "f" + i;
        puts.add(() -> archive.put(7, id, chip("a")));
      }
      for (Future<String> put : writers.invokeAll(puts)) {
        assertThat(put.get()).isNotEmpty();
      }
    }
    String other = archive.put(8, "f", chip("a"));
    List<StoredChip> listed = new ArrayList<>();
    List<StoredChip> page = archive.list(Optional.empty(), 1_000);
    while (!page.isEmpty()) {
      listed.addAll(page);
      page = archive.list(Optional.of(page.getLast()), 1_000);
    }
    assertThat(listed).hasSize(2_501).doesNotHaveDuplicates();
    assertThat(listed.getLast().collection()).isEqualTo(8);
    archive.drop(7);
    assertThat(archive.list(Optional.empty(), 10))
        .extracting(StoredChip::name)
        .containsExactly(other);
  }

  @Test
  void damagedObjectIsToldFromAMissingOne() throws IOException {
    String bucket = bucket();
    Archive archive = new S3Archive(S3Server.shared().bucket(bucket), new SettableClock());
    String name = archive.put(7, "f1", chip("a"));
    try (Stream<Path> files = Files.walk(S3Server.shared().objects(bucket))) {
      Path object = files.filter(f -> f.endsWith(name)).findAny().orElseThrow();
      byte[] bytes = Files.readAllBytes(object);
      bytes[bytes.length / 2] ^= 1;
      Files.write(object, bytes);
    }
    assertThatThrownBy(() -> archive.get(7, name)).isInstanceOf(ChipDamagedException.class);
    assertThat(archive.get(7, name.replace("f1", "f2"))).isEmpty();
  }

  @Test
  void missingBucketIsSaidAtOnce() {
    S3Settings there = S3Server.shared().bucket("nowhere");
    S3Settings settings =
        new S3Settings(
            there.bucket(),
            there.endpoint(),
            there.region(),
            there.prefix(),
            true,
            there.accessKey(),
            there.secretKey(),
            false,
            1,
            there.attemptTimeout(),
            there.timeout());
    assertThatThrownBy(() -> new S3Archive(settings, new SettableClock()))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("nowhere");
  }

  /** What was acknowledged is there after the server was killed; what failed can be repeated. */
  @Test
  void killedServerLosesNothingThatWasAcknowledged(@TempDir Path folder) throws Exception {
    S3Server.shared(); // skips where there is none
    try (S3Server server = S3Server.start(folder)) {
      Archive archive = new S3Archive(server.bucket("kills"), new SettableClock());
      List<String> acknowledged = new ArrayList<>();
      Thread killer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      Thread.sleep(200);
                      server.kill();
                      Thread.sleep(300);
                      server.restart();
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      for (int i = 0; i < 400 || killer.isAlive(); i++) {
        try {
          acknowledged.add(archive.put(7, "f" + i, chip("a")));
        } catch (ArchiveException down) {
          Thread.sleep(20);
        }
      }
      killer.join();
      for (String name : acknowledged) {
        assertThat(archive.get(7, name)).isPresent();
      }
    }
  }
}
