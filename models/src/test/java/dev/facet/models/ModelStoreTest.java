package dev.facet.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  private static final Duration LONG = Duration.ofMinutes(5);

  private final byte[] file = new byte[300_000];

  @TempDir Path directory;
  private Path cache;
  private Path mirror;

  @BeforeEach
  void prepare() throws IOException {
    new Random(7).nextBytes(file);
    cache = directory.resolve("cache");
    mirror = Files.createDirectory(directory.resolve("mirror"));
  }

  @Test
  void mirrorIsCopiedIntoTheCache() throws Exception {
    Files.write(mirror.resolve("tiny.onnx"), file);

    Path fetched = fetch(store(LONG, new Source.Mirror("tiny.onnx")));

    assertThat(fetched).startsWith(cache).hasBinaryContent(file);
    assertOnlyInCache("tiny.onnx", "LICENCE.txt", "lock");
  }

  @Test
  void whatIsCachedNeedsNoSource() throws Exception {
    Files.write(mirror.resolve("tiny.onnx"), file);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));
    assertThat(store.verify("tiny")).isEqualTo(ModelStore.Presence.ABSENT);
    store.fetch("tiny", Progress.NONE);
    Files.delete(mirror.resolve("tiny.onnx"));

    assertThat(fetch(store)).hasBinaryContent(file);
    assertThat(store.verify("tiny")).isEqualTo(ModelStore.Presence.INTACT);
  }

  @Test
  void damagedCacheIsNoticedAndReplaced() throws Exception {
    Files.write(mirror.resolve("tiny.onnx"), file);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));
    Path fetched = fetch(store);
    Files.write(fetched, Arrays.copyOf(file, 1000));

    assertThat(store.verify("tiny")).isEqualTo(ModelStore.Presence.DAMAGED);
    assertThat(fetch(store)).hasBinaryContent(file);
  }

  @Test
  void wrongFileInTheMirrorIsRefusedAndLeavesNothing() throws Exception {
    byte[] wrong = file.clone();
    wrong[1234] ^= 1;
    Files.write(mirror.resolve("tiny.onnx"), wrong);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));

    assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
        .isInstanceOf(ChecksumMismatchException.class)
        .hasMessageContaining(Sha256.of(file))
        .hasMessageContaining(Sha256.of(wrong));
    assertOnlyInCache("lock");
  }

  @Test
  void fileOfAnotherSizeInTheMirrorIsRefusedWithItsChecksum() throws Exception {
    Files.writeString(mirror.resolve("tiny.onnx"), "short");

    assertThatThrownBy(
            () -> store(LONG, new Source.Mirror("tiny.onnx")).fetch("tiny", Progress.NONE))
        .isInstanceOf(ChecksumMismatchException.class)
        .hasMessageContaining(Sha256.of("short"));
    assertOnlyInCache("lock");
  }

  @Test
  void absentMirrorFallsBackToTheAddress() throws Exception {
    try (FileServer server = new FileServer(FileServer.ranged(file))) {
      Source[] sources = {new Source.Mirror("tiny.onnx"), new Source.Https(server.address())};

      assertThat(fetch(store(LONG, sources))).hasBinaryContent(file);
    }
  }

  @Test
  void hostThatTookNoConnectionIsNotAskedAgainByTheSameStore() throws Exception {
    URI address;
    try (FileServer server = new FileServer(FileServer.whole(file))) {
      address = server.address();
    }
    ModelStore store = store(LONG, new Source.Https(address));
    assertThatThrownBy(() -> fetch(store)).hasMessageContaining("no connection");

    try (FileServer back = new FileServer(FileServer.whole(file), address.getPort())) {
      assertThatThrownBy(() -> fetch(store)).hasMessageContaining("no connection");
      assertThat(back.requests).isEmpty();
      assertThat(fetch(store(LONG, new Source.Https(address)))).hasBinaryContent(file);
    }
  }

  @Test
  void adoptedFileIsKeptUnderItsChecksumWithItsLicence() throws Exception {
    Path own = Files.write(directory.resolve("mine.bin"), file);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));

    store.adopt(store.catalogue().model("tiny"), List.of(own));

    assertThat(store.verify("tiny")).isEqualTo(ModelStore.Presence.INTACT);
    assertThat(fetch(store)).hasBinaryContent(file);
    assertOnlyInCache("tiny.onnx", "LICENCE.txt", "lock");
  }

  @Test
  void anotherFileIsNotAdopted() throws Exception {
    byte[] wrong = file.clone();
    wrong[7] ^= 1;
    Path own = Files.write(directory.resolve("mine.bin"), wrong);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));

    assertThatThrownBy(() -> store.adopt(store.catalogue().model("tiny"), List.of(own)))
        .isInstanceOf(ChecksumMismatchException.class)
        .hasMessageContaining("mine.bin");
    assertOnlyInCache("lock");
  }

  @Test
  void progressRisesToTheTotal() throws Exception {
    List<Long> heard = new ArrayList<>();
    try (FileServer server = new FileServer(FileServer.ranged(file))) {
      store(LONG, new Source.Https(server.address()))
          .fetch(
              "tiny",
              (done, total) -> {
                assertThat(total).isEqualTo(file.length);
                heard.add(done);
              });
    }

    assertThat(heard).isSorted().last().isEqualTo((long) file.length);
  }

  @Test
  void leftoverOfAnEarlierProcessIsContinued() throws Exception {
    leaveBehind(Arrays.copyOf(file, 120_000));
    try (FileServer server = new FileServer(FileServer.ranged(file))) {
      Path fetched = fetch(store(LONG, new Source.Https(server.address())));

      assertThat(fetched).hasBinaryContent(file);
      assertThat(server.requests).containsExactly("bytes=120000-");
    }
  }

  @Test
  void brokenConnectionIsContinuedWhereItBroke() throws Exception {
    HttpHandler whole = FileServer.ranged(file);
    HttpHandler breaking =
        exchange -> {
          if (exchange.getRequestHeaders().containsKey("Range")) {
            whole.handle(exchange);
          } else {
            FileServer.send(exchange, 200, file, 0, 100_000);
          }
        };
    try (FileServer server = new FileServer(breaking)) {
      Path fetched = fetch(store(LONG, new Source.Https(server.address())));

      assertThat(fetched).hasBinaryContent(file);
      assertThat(server.requests).containsExactly("whole", "bytes=100000-");
    }
  }

  @Test
  void serverThatKnowsNoRangesSendsAllAgain() throws Exception {
    leaveBehind(Arrays.copyOf(file, 120_000));
    try (FileServer server = new FileServer(FileServer.whole(file))) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void leftoverOfAnotherFileIsDiscarded() throws Exception {
    leaveBehind(new byte[120_000]);
    try (FileServer server = new FileServer(FileServer.ranged(file))) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
      assertThat(server.requests).containsExactly("bytes=120000-", "whole");
    }
  }

  @Test
  void leftoverThatTheServerRefusesToContinueIsDiscarded() throws Exception {
    leaveBehind(Arrays.copyOf(file, 120_000));
    HttpHandler whole = FileServer.whole(file);
    HttpHandler refusing =
        exchange -> {
          if (exchange.getRequestHeaders().containsKey("Range")) {
            exchange.sendResponseHeaders(416, -1);
          } else {
            whole.handle(exchange);
          }
        };
    try (FileServer server = new FileServer(refusing)) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
      assertThat(server.requests).containsExactly("bytes=120000-", "whole");
    }
  }

  @Test
  void completeLeftoverNeedsNoRequest() throws Exception {
    leaveBehind(file);
    try (FileServer server = new FileServer(FileServer.ranged(file))) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void wrongFileFromTheAddressIsRefusedAndLeavesNothing() throws Exception {
    byte[] wrong = file.clone();
    wrong[0] ^= 1;
    try (FileServer server = new FileServer(FileServer.ranged(wrong))) {
      ModelStore store = store(LONG, new Source.Https(server.address()));

      assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
          .isInstanceOf(ChecksumMismatchException.class)
          .hasMessageContaining(server.address().toString())
          .hasMessageContaining(Sha256.of(file))
          .hasMessageContaining(Sha256.of(wrong));
      assertOnlyInCache("lock");
    }
  }

  @Test
  void fileOfAnotherSizeIsNotEvenRead() throws Exception {
    try (FileServer server = new FileServer(FileServer.whole(new byte[400_000]))) {
      assertThatThrownBy(
              () -> store(LONG, new Source.Https(server.address())).fetch("tiny", Progress.NONE))
          .isInstanceOf(ModelUnavailableException.class)
          .hasMessageContaining("offers 400000 bytes instead of 300000");
      assertOnlyInCache("lock");
    }
  }

  @Test
  void endlessAnswerIsCutAtTheExpectedSize() throws Exception {
    HttpHandler endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(file);
          }
        };
    try (FileServer server = new FileServer(endless)) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
    }
  }

  @Test
  void serverThatFallsSilentIsGivenUpButWhatCameIsKept() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    HttpHandler silent =
        exchange -> {
          FileServer.send(exchange, 200, file, 0, 100_000);
          await(over);
        };
    try (FileServer server = new FileServer(silent)) {
      ModelStore store = store(Duration.ofMillis(500), new Source.Https(server.address()));

      assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
          .isInstanceOf(ModelUnavailableException.class)
          .hasMessageMatching("(?s).*(nothing came for|timed out).*");
      over.countDown();
      assertThat(file).startsWith(Files.readAllBytes(part()));
    }
  }

  @Test
  void redirectIsFollowed() throws Exception {
    HttpHandler whole = FileServer.whole(file);
    HttpHandler redirecting =
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/elsewhere")) {
            whole.handle(exchange);
          } else {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
          }
        };
    try (FileServer server = new FileServer(redirecting)) {
      assertThat(fetch(store(LONG, new Source.Https(server.address())))).hasBinaryContent(file);
    }
  }

  @Test
  void nothingReachableSaysWhatToCopyWhere() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    URI dead = URI.create("http://127.0.0.1:" + closedPort + "/tiny.onnx");
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"), new Source.Https(dead));

    assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("mirror: no file " + mirror.resolve("tiny.onnx"))
        .hasMessageContaining(dead + ": no connection")
        .hasMessageContaining("tiny.onnx (300000 bytes, SHA-256 " + Sha256.of(file))
        .hasMessageContaining("FACET_MODELS_MIRROR")
        .hasMessageContaining("made up for this test");
  }

  @Test
  void withoutMirrorTheMessageSaysThatNoneIsSet() {
    ModelStore store =
        new ModelStore(catalogue(new Source.Mirror("tiny.onnx")), cache, Optional.empty());

    assertThatThrownBy(() -> store.fetch("tiny", Progress.NONE))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("none is set");
  }

  @Test
  void cacheThatCannotBeWrittenIsNamed() throws Exception {
    Files.write(mirror.resolve("tiny.onnx"), file);
    cache = Files.writeString(directory.resolve("occupied"), "a file, not a directory");

    assertThatThrownBy(
            () -> store(LONG, new Source.Mirror("tiny.onnx")).fetch("tiny", Progress.NONE))
        .isInstanceOf(ModelCacheException.class)
        .hasMessageContaining("occupied");
  }

  @Test
  void storesThatShareACacheFetchOnce() throws Exception {
    CountDownLatch bothAsked = new CountDownLatch(2);
    HttpHandler whole = FileServer.whole(file);
    HttpHandler waiting =
        exchange -> {
          await(bothAsked);
          whole.handle(exchange);
        };
    try (FileServer server = new FileServer(waiting);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Path>> fetched = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        ModelStore store = store(LONG, new Source.Https(server.address()));
        fetched.add(
            threads.submit(
                () -> {
                  bothAsked.countDown();
                  return fetch(store);
                }));
      }
      for (Future<Path> path : fetched) {
        assertThat(path.get()).hasBinaryContent(file);
      }
      assertThat(server.requests).hasSize(1);
    }
    assertOnlyInCache("tiny.onnx", "LICENCE.txt", "lock");
  }

  @Test
  void processesThatShareACacheFetchOnce() throws Exception {
    CountDownLatch bothAsked = new CountDownLatch(2);
    HttpHandler whole = FileServer.whole(file);
    HttpHandler waiting =
        exchange -> {
          await(bothAsked);
          whole.handle(exchange);
        };
    try (FileServer server = new FileServer(waiting)) {
      Process first = fetchInAnotherJvm(server.address());
      Process second = fetchInAnotherJvm(server.address());
      for (Process process : List.of(first, second)) {
        assertThat(process.inputReader().readLine()).isEqualTo("asking");
        bothAsked.countDown();
      }

      assertThat(first.waitFor()).isZero();
      assertThat(second.waitFor()).isZero();
      assertThat(server.requests).hasSize(1);
    }
    assertOnlyInCache("tiny.onnx", "LICENCE.txt", "lock");
  }

  @Test
  void fileThatIsNoGraphCannotBeServed() throws Exception {
    Files.write(mirror.resolve("tiny.onnx"), file);
    ModelStore store = store(LONG, new Source.Mirror("tiny.onnx"));

    assertThatThrownBy(() -> store.served("tiny", Progress.NONE))
        .isInstanceOf(UnservableModelException.class)
        .hasMessageContaining("Model tiny cannot be served: not an ONNX file");
  }

  @Test
  void cacheDirectoryFollowsTheXdgRules() {
    Path home = Path.of("/home/anna");

    assertThat(StorePlaces.userCache(Map.of(), home))
        .isEqualTo(Path.of("/home/anna/.cache/facet/models"));
    assertThat(StorePlaces.userCache(Map.of("XDG_CACHE_HOME", "/big"), home))
        .isEqualTo(Path.of("/big/facet/models"));
    assertThat(StorePlaces.userCache(Map.of("XDG_CACHE_HOME", "relative"), home))
        .isEqualTo(Path.of("/home/anna/.cache/facet/models"));
  }

  private static Path fetch(ModelStore store) {
    return store.fetch("tiny", Progress.NONE).getFirst();
  }

  private ModelStore store(Duration silence, Source... sources) {
    return new ModelStore(
        catalogue(sources),
        cache,
        new Fetcher(
            Optional.of(mirror), EnumSet.allOf(Source.Kind.class), new Download(LONG, silence)));
  }

  private Process fetchInAnotherJvm(URI address) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FetchInAnotherJvm.class.getName(),
            cache.toString(),
            address.toString(),
            Sha256.of(file),
            String.valueOf(file.length))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private Catalogue catalogue(Source... sources) {
    return TinyModel.catalogue(Sha256.of(file), file.length, sources);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path part() {
    return cache.resolve(Sha256.of(file).substring(0, 16)).resolve("tiny.onnx.part");
  }

  private void leaveBehind(byte[] bytes) throws IOException {
    Files.createDirectories(cache.resolve(Sha256.of(file).substring(0, 16)));
    Files.write(part(), bytes);
  }

  private void assertOnlyInCache(String... names) throws IOException {
    try (Stream<Path> entries = Files.walk(cache)) {
      assertThat(entries.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(names);
    }
  }
}
