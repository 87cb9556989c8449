package dev.facet.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.bootstrap.ErrorTable;
import dev.facet.bootstrap.Refusal;
import dev.facet.inference.batch.BatchListener;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.batch.BatchResult;
import dev.facet.inference.batch.Batcher;
import dev.facet.inference.batch.Priority;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ServingErrorsTest {
  private static final ErrorTable TABLE = ServingErrors.table("crop");

  /** What a library says of the failure stays in the log. */
  @Test
  void failedItemIsToldByTheServicesWord() throws Exception {
    try (Batcher<Integer, Integer> batcher =
        new Batcher<>(
            "m",
            BatchPolicy.of(1, 1),
            items -> {
              throw new IllegalStateException("node 7 of /cache/m.onnx");
            },
            new BatchListener() {})) {
      var results =
          batcher
              .submit(List.of(1), Priority.INTERACTIVE, System.nanoTime() + 60_000_000_000L)
              .await();
      assertThat(results.getFirst())
          .isInstanceOfSatisfying(
              BatchResult.Failed.class,
              failed -> {
                Refusal refusal = TABLE.refusal(failed.failure());
                assertThat(refusal.code()).isEqualTo(Status.Code.INTERNAL);
                assertThat(refusal.reason()).isEqualTo("MODEL_FAILED");
                assertThat(refusal.message()).isEqualTo("the model failed on this crop");
              });
    }
  }

  @Test
  void cancelledItemIsNoAccident() {
    assertThat(TABLE.refusal(new CancellationException("gone")).reason()).isEqualTo("CANCELLED");
  }
}
