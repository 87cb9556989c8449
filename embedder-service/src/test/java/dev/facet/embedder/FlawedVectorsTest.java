package dev.facet.embedder;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.facet.inference.batch.BatchModel;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import dev.facet.inference.metrics.BatchMetrics;
import dev.facet.models.ModelId;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.Embedding;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Outputs that are no unit vectors, from a model that gives back what it gets. */
@Timeout(60)
class FlawedVectorsTest {
  private static final ModelId ID = new ModelId("m", "1", "0", "0");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** M03: its own answer is INTERNAL, its mates have their vectors, and it is counted. */
  @Test
  void vectorThatIsNoUnitVectorFailsAlone() throws Exception {
    BatchModel<float[], float[]> echo =
        new BatchModel<>() {
          @Override
          public List<float[]> run(List<float[]> items) {
            return items;
          }

          @Override
          public Optional<String> flaw(float[] output) {
            return CropModel.flawOf(output);
          }
        };
    List<float[]> outputs =
        List.of(
            new float[] {1, 0},
            new float[] {Float.NaN, 0},
            new float[] {0, 0},
            new float[] {Float.POSITIVE_INFINITY, 0},
            new float[] {2, 0},
            new float[] {0.6f, 0.8f});
    EmbedResponse response;
    try (Batcher<float[], float[]> batcher =
        new Batcher<>("m", BatchPolicy.of(8, 1), echo, new BatchMetrics(meters, "m", "1"))) {
      long deadline = System.nanoTime() + Duration.ofHours(1).toNanos();
      var results = batcher.submit(outputs, Priority.INTERACTIVE, deadline).await();
      response = EmbedderMessages.response(ID, results, 0, EmbedderErrors.TABLE);
    }
    assertThat(response.getEmbeddingsList())
        .extracting(Embedding::hasVector)
        .containsExactly(true, false, false, false, false, true);
    for (Embedding failed : response.getEmbeddingsList().subList(1, 5)) {
      assertThat(failed.getError().getCode()).isEqualTo(Status.Code.INTERNAL.value());
      assertThat(failed.getError().getDetails(0).unpack(ErrorInfo.class).getReason())
          .isEqualTo("MODEL_FAILED");
    }
    assertThat(meters.get("facet.batch.items").tags("outcome", "model_failed").counter().count())
        .isEqualTo(4);
    assertThat(meters.get("facet.batch.size").summary().count()).isEqualTo(1);
    assertThat(meters.get("facet.batch.reruns").counter().count()).isZero();
  }
}
