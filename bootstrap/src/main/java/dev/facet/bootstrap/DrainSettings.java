package dev.facet.bootstrap;

import java.time.Duration;

/** The end of a service, from SIGTERM to the last answer. */
public record DrainSettings(
    @Setting(
            value = "3s",
            doc = "Time between saying NOT_SERVING and refusing calls, for balancers to notice")
        Duration delay,
    @Setting(value = "30s", doc = "Time that calls in flight may take before they are cancelled")
        Duration grace) {

  public DrainSettings {
    Require.notNegative("delay", delay);
    Require.notNegative("grace", grace);
  }
}
