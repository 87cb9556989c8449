package dev.facet.gateway.access;

/**
 * Lets calls through at a rate, and some at once after a pause. Not thread-safe; the time is given.
 */
final class TokenBucket {
  private static final double NANOS = 1e9;

  private final double perSecond;
  private final double depth;
  private double tokens;
  private long at;

  /** A full one. */
  TokenBucket(double perSecond, int depth, long now) {
    this.perSecond = perSecond;
    this.depth = depth;
    this.tokens = depth;
    this.at = now;
  }

  /** Takes a token. Returns 0, or the nanoseconds until there is one, and then takes none. */
  long take(long now) {
    fill(now);
    if (tokens >= 1) {
      tokens--;
      return 0;
    }
    return (long) Math.ceil((1 - tokens) / perSecond * NANOS);
  }

  private void fill(long now) {
    tokens = Math.min(depth, tokens + (now - at) / NANOS * perSecond);
    at = now;
  }
}
