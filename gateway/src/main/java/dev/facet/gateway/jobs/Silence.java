package dev.facet.gateway.jobs;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Which jobs have not been heard of for a while. Judged by how long their heartbeats stand still
 * before these eyes, never by a time that another gateway wrote, or that this one has before its
 * clock is set. For one thread.
 */
final class Silence {
  private final Duration patience;
  private Map<String, Heard> heard = new HashMap<>();

  private record Heard(long heartbeat, long nanos) {}

  Silence(Duration patience) {
    this.patience = patience;
  }

  /**
   * Those of the jobs whose heartbeat has been the same for the whole patience.
   *
   * @param heartbeats of all jobs under way, now
   * @param nanos now, as {@link System#nanoTime} says
   */
  Map<String, Long> of(Map<String, Long> heartbeats, long nanos) {
    Map<String, Heard> now = new HashMap<>();
    Map<String, Long> silent = new HashMap<>();
    heartbeats.forEach(
        (id, heartbeat) -> {
          Heard before = heard.get(id);
          if (before == null || before.heartbeat() != heartbeat) {
            now.put(id, new Heard(heartbeat, nanos));
            return;
          }
          now.put(id, before);
          if (nanos - before.nanos() >= patience.toNanos()) {
            silent.put(id, heartbeat);
          }
        });
    heard = now;
    return silent;
  }
}
