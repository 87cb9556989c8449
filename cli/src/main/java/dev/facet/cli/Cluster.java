package dev.facet.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Services that live and die together.
 *
 * @param services in the order in which they are stopped
 */
record Cluster(List<ServiceProcess> services) implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * Returns when every service serves.
   *
   * @throws CommandFailure when one ends first, or the limit has passed
   */
  void awaitReady(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    for (ServiceProcess service : services) {
      while (!service.serving()) {
        if (System.nanoTime() - start > limit.toNanos()) {
          throw service.failure("is not ready after " + limit.toSeconds() + " s");
        }
        Optional<CommandFailure> dead = dead();
        if (dead.isPresent()) {
          throw dead.get();
        }
        Thread.sleep(POLL);
      }
    }
  }

  /** Returns when a service has ended: the failure that this is. */
  CommandFailure awaitDeath() throws InterruptedException {
    CompletableFuture<?>[] ends =
        services.stream()
            .map(service -> service.process().onExit())
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.anyOf(ends).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return dead().orElseThrow();
  }

  /** Stops the services one after the other. */
  @Override
  public void close() {
    // An interrupt brought us here; what follows must not be cut short by it.
    boolean interrupted = Thread.interrupted();
    services.forEach(ServiceProcess::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<CommandFailure> dead() {
    return services.stream()
        .filter(service -> !service.process().isAlive())
        .findFirst()
        .map(service -> service.failure("ended with exit code " + service.process().exitValue()));
  }
}
