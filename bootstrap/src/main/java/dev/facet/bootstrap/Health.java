package dev.facet.bootstrap;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The answers of {@code grpc.health.v1}: {@code liveness} serves from the start to the end, or to a
 * failure of the process; {@code readiness}, the whole server (the empty name) and each service
 * serve in between.
 */
final class Health {
  static final String LIVENESS = "liveness";
  static final String READINESS = "readiness";

  private final HealthStatusManager manager = new HealthStatusManager();
  private final Set<String> names = new HashSet<>();

  Health() {
    manager.setStatus(LIVENESS, ServingStatus.SERVING);
    names.add(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
    names.add(READINESS);
    set(ServingStatus.NOT_SERVING);
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /** The services are there, and not ready. */
  void know(Collection<String> services) {
    names.addAll(services);
    set(ServingStatus.NOT_SERVING);
  }

  void serve() {
    set(ServingStatus.SERVING);
  }

  /** Says that new calls should go elsewhere, while the process is still well. */
  void leave() {
    set(ServingStatus.NOT_SERVING);
  }

  /** Says that this process will not be well again. */
  void fail() {
    set(ServingStatus.NOT_SERVING);
    manager.setStatus(LIVENESS, ServingStatus.NOT_SERVING);
  }

  private void set(ServingStatus status) {
    names.forEach(name -> manager.setStatus(name, status));
  }
}
