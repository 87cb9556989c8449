package dev.facet.serving;

import dev.facet.bootstrap.Require;
import dev.facet.bootstrap.Setting;
import java.time.Duration;

/** How long a model's run may take before it counts as stuck. */
public record WatchdogSettings(
    @Setting(
            value = "20s",
            doc =
                "Time in a run after which the service says that it is not ready and logs its"
                    + " threads; waiting for a processor does not count, and 0s is never")
        Duration suspend,
    @Setting(
            value = "60s",
            doc = "Time in a run after which the process ends with code 71; 0s is never")
        Duration halt) {

  public WatchdogSettings {
    Require.notNegative("suspend", suspend);
    Require.notNegative("halt", halt);
    Require.that(
        suspend.isZero() || halt.isZero() || suspend.compareTo(halt) < 0,
        "suspend must be shorter than halt");
  }
}
