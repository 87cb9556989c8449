package dev.facet.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.gateway.Answers.Refused;
import dev.facet.proto.v1.DetectRequest;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway before replicas of detector and embedder that come, go, stand still and refuse. */
@Timeout(60)
class BackendReplicasTest {
  private static final DetectRequest PHOTO =
      DetectRequest.newBuilder().setImage(Answers.image("anna")).build();

  @TempDir Path data;

  /** Retries end while most calls fail: an outage is not made worse by them. */
  @Test
  void g19_outageIsNotMadeWorse() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      services.detector().unavailable.set(Integer.MAX_VALUE);
      int before = services.detector().detections.get();
      for (int i = 0; i < 100; i++) {
        Refused refused = Answers.refused(() -> gateway.faces().detect(PHOTO));
        assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
      }
      assertThat(services.detector().detections.get() - before).isBetween(101, 120);
    }
  }

  @Test
  void g20_whoAsksForNoOtherAttemptGetsNone() throws Exception {
    Pushback pushback = new Pushback("-1");
    try (TestGateway gateway = gateway(pushback)) {
      Refused refused = Answers.refused(() -> gateway.faces().detect(PHOTO));
      assertThat(refused.code()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(pushback.attempts).hasSize(1);
    } finally {
      pushback.close();
    }
  }

  @Test
  void g20_whoAsksForALaterAttemptGetsItThen() throws Exception {
    Pushback pushback = new Pushback("700");
    try (TestGateway gateway = gateway(pushback)) {
      assertThat(gateway.faces().detect(PHOTO).getFacesList()).hasSize(1);
      assertThat(pushback.attempts).hasSize(2);
      long waited = pushback.attempts.get(1) - pushback.attempts.get(0);
      assertThat(TimeUnit.NANOSECONDS.toMillis(waited)).isBetween(650L, 5_000L);
    } finally {
      pushback.close();
    }
  }

  private TestGateway gateway(Pushback services) throws InterruptedException {
    TestGateway gateway = TestGateway.answering(data, services.server.getPort());
    gateway.awaitHealth("readiness", ServingStatus.SERVING);
    return gateway;
  }

  /** Services whose first detection fails and says when to come again. */
  private static final class Pushback implements ServerInterceptor, AutoCloseable {
    private static final Metadata.Key<String> AGAIN =
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    final List<Long> attempts = new ArrayList<>();
    final Server server;
    private final String millis;

    Pushback(String millis) {
      this.millis = millis;
      FakeDetector detector = new FakeDetector();
      BindableService refusing = () -> ServerInterceptors.intercept(detector, this);
      server = FakeServices.start(0, refusing, new FakeEmbedder());
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      if (!call.getMethodDescriptor().getFullMethodName().endsWith("/Detect")) {
        return next.startCall(call, headers);
      }
      synchronized (attempts) {
        attempts.add(System.nanoTime());
        if (attempts.size() > 1) {
          return next.startCall(call, headers);
        }
      }
      Metadata trailers = new Metadata();
      trailers.put(AGAIN, millis);
      call.close(Status.UNAVAILABLE, trailers);
      return new ServerCall.Listener<>() {};
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  /** What stands still says nothing; without a second call to another, its callers wait. */
  @Test
  void g16_replicaThatStandsStillIsPassedByWhereCallsAreHedged() {
    assertThat(answeredWhileOneStandsStill("backend.hedge-after=100ms")).isEqualTo(20);
  }

  @Test
  void g16_callsOfAReplicaThatStandsStillFailWhereTheyAreNot() {
    assertThat(answeredWhileOneStandsStill("backend.hedge-after=0s")).isBetween(5, 15);
  }

  private int answeredWhileOneStandsStill(String setting) {
    CountDownLatch goesOn = new CountDownLatch(1);
    try (FakeServices one = new FakeServices();
        FakeServices other = new FakeServices();
        NamedAddresses both = new NamedAddresses(one.port(), other.port());
        TestGateway gateway = before(both, setting)) {
      one.detector().work = () -> await(goesOn);
      int answered = 0;
      for (int i = 0; i < 20; i++) {
        try {
          var _ = gateway.faces().withDeadlineAfter(1, TimeUnit.SECONDS).detect(PHOTO);
          answered++;
        } catch (StatusRuntimeException e) {
          assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
      }
      goesOn.countDown();
      return answered;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private TestGateway before(NamedAddresses services, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("backend.detector=" + services.target());
    all.add("backend.embedder=" + services.target());
    TestGateway gateway = TestGateway.answering(data, 1, all.toArray(String[]::new));
    gateway.awaitHealth("readiness", ServingStatus.SERVING);
    return gateway;
  }

  /** Connections end when they are old, calls do not; the next one asks the name again. */
  @Test
  void g29_g30_newReplicaIsFoundWhenAConnectionIsOldAndNoCallFails() throws Exception {
    FakeDetector first = new FakeDetector();
    FakeDetector second = new FakeDetector();
    Server one = ageing(first);
    Server other = ageing(second);
    try (NamedAddresses name = new NamedAddresses(one.getPort());
        TestGateway gateway = before(name)) {
      var _ = gateway.faces().detect(PHOTO);
      name.point(one.getPort(), other.getPort());
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (second.detections.get() == 0 && System.nanoTime() < end) {
        assertThat(gateway.faces().detect(PHOTO).getFacesList()).hasSize(1);
      }
      assertThat(second.detections).hasPositiveValue();
    } finally {
      one.shutdownNow();
      other.shutdownNow();
    }
  }

  private static Server ageing(FakeDetector detector) throws Exception {
    return Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
        .addService(detector)
        .addService(new FakeEmbedder())
        .maxConnectionAge(1, TimeUnit.SECONDS)
        .maxConnectionAgeGrace(10, TimeUnit.SECONDS)
        .build()
        .start();
  }

  /** G15, from the gateway's side: the one that is gone is not asked again. */
  @Test
  void g15_replicaThatIsGoneCostsNoCall() throws Exception {
    FakeDetector left = new FakeDetector();
    AtomicInteger answered = new AtomicInteger();
    Server gone = ageing(new FakeDetector());
    Server stays = ageing(left);
    try (NamedAddresses name = new NamedAddresses(gone.getPort(), stays.getPort());
        TestGateway gateway = before(name)) {
      for (int i = 0; i < 60; i++) {
        if (i == 20) {
          gone.shutdownNow();
        }
        assertThat(gateway.faces().detect(PHOTO).getFacesList()).hasSize(1);
        answered.incrementAndGet();
      }
      assertThat(answered).hasValue(60);
      assertThat(left.detections.get()).isGreaterThanOrEqualTo(40);
    } finally {
      gone.shutdownNow();
      stays.shutdownNow();
    }
  }
}
