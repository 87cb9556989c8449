package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.GalleryException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Keeps a dead Milvus from costing anything: searches fail at once, and when it has rested, two of
 * them are the test whether it is back.
 */
final class SearchBreaker {
  private static final int WINDOW = 10;
  private static final int LEAST = 3;
  private static final int TESTS = 2;

  private final CircuitBreaker breaker;

  SearchBreaker(MilvusSettings.Calls calls, LongSupplier nanoTime) {
    breaker =
        CircuitBreaker.of(
            "milvus",
            CircuitBreakerConfig.custom()
                // By the wall clock, one that is put back a day would keep it open for a day.
                .clock(new Uptime(nanoTime))
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(LEAST)
                .failureRateThreshold(calls.failures())
                .slowCallDurationThreshold(calls.search())
                .slowCallRateThreshold(calls.failures())
                .waitDurationInOpenState(calls.rest())
                .permittedNumberOfCallsInHalfOpenState(TESTS)
                .build());
  }

  /**
   * What the search finds.
   *
   * @throws GalleryException without a search, while Milvus counts as dead
   */
  <T> T guard(Supplier<T> search) {
    try {
      return breaker.executeSupplier(search);
    } catch (CallNotPermittedException e) {
      throw new GalleryException("Milvus does not answer at present", e);
    }
  }

  /** Whether searches are let through now. */
  boolean isClosed() {
    return breaker.getState() != CircuitBreaker.State.OPEN;
  }
}
