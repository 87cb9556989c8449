package dev.facet.bench.drain;

import dev.facet.bench.all.Surroundings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two replicas of each service, behind its name: a call goes through one of the gateways, to one of
 * the detectors and to one of the embedders.
 */
final class Replicas implements AutoCloseable {
  static final String GATEWAY = "gateway:50051";

  /** By the names in the hosts file. All of it is loopback, in a network of its own. */
  static final Map<String, List<String>> ADDRESSES =
      Map.of(
          "detector", List.of("127.0.0.11", "127.0.0.12"),
          "embedder", List.of("127.0.0.21", "127.0.0.22"),
          "gateway", List.of("127.0.0.31", "127.0.0.32"));

  private final Map<String, List<Replica>> services = new LinkedHashMap<>();

  /**
   * Starts nothing yet.
   *
   * @param unprotected without drain and with a single attempt at each call
   * @param more settings of the gateways
   */
  Replicas(Surroundings surroundings, boolean unprotected, List<String> more) {
    List<String> drain =
        unprotected ? List.of("drain.delay=0s", "drain.grace=1ms") : List.<String>of();
    add(surroundings, "detector", "detector-service", 50052, drain);
    add(surroundings, "embedder", "embedder-service", 50053, drain);
    List<String> gateway = new ArrayList<>(drain);
    gateway.add("backend.detector=dns:///detector:50052");
    gateway.add("backend.embedder=dns:///embedder:50053");
    if (unprotected) {
      gateway.add("backend.attempts=1");
    }
    gateway.addAll(more);
    add(surroundings, "gateway", "gateway", 50051, gateway);
  }

  private void add(
      Surroundings surroundings, String name, String module, int port, List<String> settings) {
    List<Replica> replicas = new ArrayList<>();
    for (String address : ADDRESSES.getOrDefault(name, List.of())) {
      List<String> all = new ArrayList<>(settings);
      if (name.equals("gateway")) {
        all.add("data.directory=" + surroundings.fresh("data-" + address));
      }
      replicas.add(new Replica(surroundings, module, address, port, all));
    }
    services.put(name, replicas);
  }

  void start() throws InterruptedException {
    for (List<Replica> replicas : services.values()) {
      replicas.forEach(Replica::start);
    }
    for (List<Replica> replicas : services.values()) {
      for (Replica replica : replicas) {
        replica.awaitReady();
      }
    }
  }

  List<String> names() {
    return List.copyOf(services.keySet());
  }

  List<Replica> of(String service) {
    return services.getOrDefault(service, List.of());
  }

  /** Attempts that were not the first, over all. */
  double repeated() throws InterruptedException {
    double sum = 0;
    for (List<Replica> replicas : services.values()) {
      for (Replica replica : replicas) {
        sum += replica.repeated();
      }
    }
    return sum;
  }

  @Override
  public void close() {
    services.values().forEach(replicas -> replicas.forEach(Replica::close));
  }
}
