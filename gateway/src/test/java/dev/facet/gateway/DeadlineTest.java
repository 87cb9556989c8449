package dev.facet.gateway;

import static dev.facet.gateway.Answers.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.facet.proto.v1.EmbedRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A caller's patience, through the gateway to the services behind it. */
@Timeout(60)
class DeadlineTest {
  private static final EmbedRequest PHOTO =
      EmbedRequest.newBuilder().setImage(image("anna")).build();
  private static final int TRIES = 5;

  @TempDir private Path data;

  /** G01: of five tries the fastest counts, as the machine may be busy with other things. */
  @Test
  void embedderHearsThatTheCallerHasNoPatienceLeft() throws Exception {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services)) {
      gateway.faces().embed(PHOTO);
      services.embedder().stuck = true;
      long fastest = Long.MAX_VALUE;
      for (int i = 0; i < TRIES; i++) {
        long start = System.nanoTime();
        StatusRuntimeException e =
            catchThrowableOfType(
                StatusRuntimeException.class,
                () -> gateway.faces().withDeadlineAfter(300, TimeUnit.MILLISECONDS).embed(PHOTO));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        Long ended = services.embedder().ended.poll(2, TimeUnit.SECONDS);
        fastest = Math.min(fastest, Objects.requireNonNull(ended) - start);
      }
      assertThat(TimeUnit.NANOSECONDS.toMillis(fastest)).isBetween(250L, 350L);
      // The last call was not made again, and the next caller is not held up.
      assertThat(services.embedder().ended.poll(500, TimeUnit.MILLISECONDS)).isNull();
      services.embedder().stuck = false;
      assertThat(gateway.faces().embed(PHOTO).getFacesCount()).isEqualTo(1);
    }
  }

  /** G03 at this door: no picture is sent on for a caller who cannot wait for it. */
  @Test
  void deadlineShorterThanAnyPictureTakesReachesNoDetector() {
    try (FakeServices services = new FakeServices();
        TestGateway gateway = TestGateway.ready(data, services, "recognition.least-time=1s")) {
      gateway.faces().embed(PHOTO);
      int detections = services.detector().detections.get();
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> gateway.faces().withDeadlineAfter(900, TimeUnit.MILLISECONDS).embed(PHOTO));
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(services.detector().detections).hasValue(detections);
    }
  }
}
