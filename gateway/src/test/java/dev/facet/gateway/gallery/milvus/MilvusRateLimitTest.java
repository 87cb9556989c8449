package dev.facet.gateway.gallery.milvus;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static dev.facet.gateway.ledger.Samples.enrollment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.GalleryException;
import dev.facet.gateway.gallery.GalleryFollower;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.Ledger;
import dev.facet.gateway.ledger.NewFace;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.SettableClock;
import dev.facet.gateway.testing.GrpcProxy;
import dev.facet.gateway.testing.MilvusServer;
import io.milvus.v2.common.ConsistencyLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * V10: a Milvus that takes few writes, or none. The engine of the tests hangs when its limits of
 * rate are changed, so a proxy before it says what it would say.
 */
@Execution(ExecutionMode.CONCURRENT)
class MilvusRateLimitTest {
  private static final String UPSERT = "milvus.proto.milvus.MilvusService/Upsert";
  private static final int RATE_LIMIT = 8;
  private static final int QUOTA = 9;
  private static final int BATCH = 50;
  private static final int DIMENSION = 16;
  private static final FaceCollection PEOPLE =
      new FaceCollection(
          1,
          new CollectionKey("default", "people"),
          MODEL,
          DIMENSION,
          Samples.DETAILS,
          Instant.EPOCH,
          Instant.EPOCH);

  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile int code;
  private volatile int free;
  private volatile Duration between = Duration.ZERO;
  private long last = System.nanoTime();

  private GrpcProxy proxy;
  private MilvusSettings settings;
  private MilvusIndex index;

  @BeforeEach
  void open() throws IOException {
    proxy = new GrpcProxy(URI.create(MilvusServer.shared().uri()).getPort(), this::refusal);
    MilvusSettings standard = TestSettings.on("http://127.0.0.1:" + proxy.port());
    MilvusSettings.Calls calls = standard.calls();
    settings =
        new MilvusSettings(
            standard.server(),
            standard.index(),
            new MilvusSettings.Calls(
                calls.search(), calls.write(), 3, BATCH, calls.failures(), calls.rest()),
            standard.tail());
    index = new MilvusIndex(settings, ConsistencyLevel.STRONG);
    index.open(PEOPLE);
    asked.set(0);
  }

  @AfterEach
  void close() {
    if (index != null) {
      code = 0;
      index.forget();
      index.close();
      proxy.close();
    }
  }

  /** Of writes, one is let through each so often. */
  private synchronized Optional<byte[]> refusal(String method, byte[] request) {
    if (!method.equals(UPSERT) || isState(request)) {
      return Optional.empty();
    }
    asked.incrementAndGet();
    long now = System.nanoTime();
    if (code == 0
        || asked.get() <= free
        || (code == RATE_LIMIT && now - last >= between.toNanos())) {
      last = now;
      return Optional.empty();
    }
    refused.incrementAndGet();
    return Optional.of(mutationResult(code));
  }

  private static boolean isState(byte[] request) {
    return new String(request, 0, Math.min(200, request.length), StandardCharsets.ISO_8859_1)
        .contains("_state");
  }

  /** {@code MutationResult{status: Status{reason: 2, code: 3}}}. */
  private static byte[] mutationResult(int code) {
    ByteArrayOutputStream status = new ByteArrayOutputStream();
    ByteArrayOutputStream result = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(status);
      out.writeString(2, code == QUOTA ? "quota exceeded" : "rate limit exceeded[rate=0.1]");
      out.writeInt32(3, code);
      out.flush();
      out = CodedOutputStream.newInstance(result);
      out.writeBytes(1, ByteString.copyFrom(status.toByteArray()));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result.toByteArray();
  }

  private static List<Entry> faces(int count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(key -> new Entry(key, Samples.vector(new Random(key), DIMENSION)))
        .toList();
  }

  @Test
  void writesThatComeTooFastAreSlowedDownUntilAllAreTaken() {
    code = RATE_LIMIT;
    between = Duration.ofMillis(1_500);
    index.upsert(PEOPLE, faces(5 * BATCH));
    assertThat(refused).hasPositiveValue();
    assertThat(asked).hasValueLessThanOrEqualTo(5 * 6); // the pauses grow
    assertThat(index.count(PEOPLE)).isEqualTo(5 * BATCH);
  }

  @Test
  void quotaThatIsUsedUpIsSaidAfterTheUsualAttempts() {
    code = QUOTA;
    assertThatThrownBy(() -> index.upsert(PEOPLE, faces(5 * BATCH)))
        .isInstanceOf(GalleryException.class)
        .hasStackTraceContaining("quota exceeded");
    assertThat(asked).hasValue(3);
    assertThat(index.count(PEOPLE)).isZero();
    code = 0;
    index.upsert(PEOPLE, faces(5 * BATCH));
    assertThat(index.count(PEOPLE)).isEqualTo(5 * BATCH);
  }

  /**
   * Or a Milvus that takes little at a time would be sent the same from the beginning each time.
   */
  @Test
  void whatWasTakenBeforeARefusalIsSettled(@TempDir Path directory) throws Exception {
    try (Ledger ledger = Ledger.sqlite(directory.resolve("ledger.db"), new SettableClock())) {
      FaceCollection people = Samples.collection(ledger);
      for (int first = 0; first < 3_000; first += 500) {
        NewFace[] faces =
            IntStream.range(first, first + 500)
                .mapToObj(i -> Samples.face("f" + i))
                .toArray(NewFace[]::new);
        ledger.enroll(people, enrollment("ada", faces));
      }
      MilvusSettings own = TestSettings.tail(settings, 10_000);
      code = QUOTA;
      free = 45; // a page has 40
      try (MilvusGallery gallery = new MilvusGallery(own, ledger);
          GalleryFollower follower = new GalleryFollower(ledger, gallery, Duration.ofMillis(100))) {
        follower.awaitSequence(ledger.sequence(), Duration.ofSeconds(30));
        Thread settling = Thread.ofVirtual().start(() -> settle(gallery, follower.position()));
        awaitSettled(gallery, 1);
        assertThat(gallery.settledPosition()).isBetween(1_900L, 2_100L);
        assertThat(gallery.count(people)).isEqualTo(3_000);
        code = 0;
        settling.join();
        assertThat(gallery.settledPosition()).isEqualTo(ledger.sequence());
        gallery.letGo(gallery.settledPosition());
        assertThat(gallery.count(people)).isEqualTo(3_000);
      }
      try (MilvusIndex left = new MilvusIndex(own, ConsistencyLevel.STRONG)) {
        left.forget();
      }
    }
  }

  private static void settle(MilvusGallery gallery, long position) {
    try {
      var _ = gallery.settle(position, Duration.ofMinutes(5));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitSettled(MilvusGallery gallery, long position)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (gallery.settledPosition() < position && System.nanoTime() < end) {
      Thread.sleep(20);
    }
  }

  @Test
  void threadThatIsToldToEndDoesNotPause() {
    code = RATE_LIMIT;
    between = Duration.ofHours(1);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> index.upsert(PEOPLE, faces(1))).isInstanceOf(GalleryException.class);
      assertThat(asked).hasValueLessThanOrEqualTo(1);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
