package dev.facet.bench.all;

import dev.facet.bench.BenchFailure;
import dev.facet.bench.load.ServerMetrics;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long an identification is inside each service: from the whole request to its answer. What the
 * client waits beyond the gateway's, and the gateway beyond those of the other two, is the way.
 */
final class InsideServices {
  /** The call that each of them answers. */
  private static final List<String> CALLS = List.of("Identify", "Detect", "Embed");

  private static final List<String> SERVICES = List.of("gateway", "detector", "embedder");

  private final List<URI> metrics;

  InsideServices(RunningFacet facet) {
    metrics =
        List.of(facet.gateway(), facet.detector(), facet.embedder()).stream()
            .map(service -> URI.create(service.metrics()))
            .toList();
  }

  /** Means in milliseconds, by the words that a reader knows them by. */
  Map<String, Double> during(Runnable calls) {
    try {
      List<ServerMetrics> counted = ServerMetrics.during(metrics, calls);
      Map<String, Double> means = new LinkedHashMap<>();
      for (int i = 0; i < counted.size(); i++) {
        means.put("inside the " + SERVICES.get(i) + ", mean", mean(counted.get(i), CALLS.get(i)));
      }
      return means;
    } catch (IOException e) {
      throw new BenchFailure(BenchFailure.UNAVAILABLE, "a service's metrics: " + e.getMessage());
    } catch (InterruptedException e) {
      throw BenchFailure.interrupted(e);
    }
  }

  private static double mean(ServerMetrics counted, String call) {
    String label = "/" + call + "\"";
    return 1e3
        * counted.growth("grpc_server_call_duration_seconds_sum", label)
        / counted.growth("grpc_server_call_duration_seconds_count", label);
  }
}
