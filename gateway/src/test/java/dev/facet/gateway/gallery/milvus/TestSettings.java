package dev.facet.gateway.gallery.milvus;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Settings for servers of tests. */
public final class TestSettings {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private TestSettings() {}

  /** The defaults, for collections that no other test has. */
  public static MilvusSettings on(String uri) {
    MilvusSettings standard = MilvusSettings.of(uri);
    MilvusSettings.Server server = standard.server();
    MilvusSettings.Calls calls = standard.calls();
    return new MilvusSettings(
        new MilvusSettings.Server(
            Optional.of(uri),
            server.token(),
            server.database(),
            server.serverName(),
            server.caFile(),
            server.certificateFile(),
            server.keyFile(),
            "t" + System.nanoTime() + "_" + PREFIXES.incrementAndGet()),
        standard.index(),
        new MilvusSettings.Calls(
            Duration.ofSeconds(10),
            calls.write(),
            calls.attempts(),
            calls.batch(),
            calls.failures(),
            calls.rest()),
        standard.tail());
  }

  /** The same with room for so many faces that are not settled. */
  static MilvusSettings tail(MilvusSettings settings, int most) {
    return new MilvusSettings(
        settings.server(),
        settings.index(),
        settings.calls(),
        new MilvusSettings.Tail(most, settings.tail().age(), most, settings.tail().grace()));
  }
}
