package dev.facet.gateway.gallery.milvus;

import dev.facet.gateway.gallery.GalleryException;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.client.RetryConfig;
import io.milvus.v2.exception.MilvusClientException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One client of Milvus with one deadline, connected when it is first needed.
 *
 * <p>The client's own habits are not a server's: it blocks for ever without a deadline, tries 75
 * times, and tries a deletion again in a form that cannot succeed. So every call has a deadline and
 * one attempt here; who wants more makes a new request.
 */
final class MilvusConnection implements AutoCloseable {
  /** After a failed connection the next one waits: a connection attempt takes time itself. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  /** Milvus's number for "too fast"; the one for "not at all", of a quota or a ban, is another. */
  private static final int RATE_LIMIT = 8;

  private final MilvusSettings.Server server;
  private final Duration deadline;
  private final ReentrantLock connecting = new ReentrantLock();
  private volatile @Nullable MilvusClientV2 client;

  /* Guarded by connecting. */
  private long failedAt = System.nanoTime() - REST;
  private boolean closed;

  MilvusConnection(MilvusSettings.Server server, Duration deadline) {
    this.server = server;
    this.deadline = deadline;
  }

  /**
   * What Milvus answered.
   *
   * @param what is done, for the message of the exception
   * @throws GalleryException when it does not answer, or says no
   */
  <T> T call(String what, Function<MilvusClientV2, T> question) {
    MilvusClientV2 connected = client;
    try {
      return question.apply(connected == null ? connect() : connected);
    } catch (GalleryException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new GalleryException("Milvus could not " + what, e);
    }
  }

  /** Whether the call was only too early. */
  static boolean isRateLimited(GalleryException e) {
    return e.getCause() instanceof MilvusClientException refused
        && refused.getServerErrCode() == RATE_LIMIT;
  }

  private MilvusClientV2 connect() {
    connecting.lock();
    try {
      MilvusClientV2 connected = client;
      if (connected != null) {
        return connected;
      }
      if (closed || System.nanoTime() - failedAt < REST) {
        throw new GalleryException("Milvus cannot be reached");
      }
      failedAt = System.nanoTime();
      MilvusClientV2 fresh = new MilvusClientV2(config());
      fresh.retryConfig(RetryConfig.builder().maxRetryTimes(1).retryOnRateLimit(false).build());
      client = fresh;
      return fresh;
    } finally {
      connecting.unlock();
    }
  }

  private ConnectConfig config() {
    var config =
        ConnectConfig.builder()
            .uri(server.uri().orElseThrow())
            .rpcDeadlineMs(deadline.toMillis())
            .connectTimeoutMs(deadline.toMillis());
    server.token().ifPresent(config::token);
    server.database().ifPresent(config::dbName);
    server.serverName().ifPresent(config::serverName);
    if (server.certificateFile().isPresent() && server.keyFile().isPresent()) {
      config.clientPemPath(server.certificateFile().get().toString());
      config.clientKeyPath(server.keyFile().get().toString());
      server.caFile().ifPresent(file -> config.caPemPath(file.toString()));
    } else {
      server.caFile().ifPresent(file -> config.serverPemPath(file.toString()));
    }
    return config.build();
  }

  @Override
  public void close() {
    connecting.lock();
    try {
      closed = true;
      if (client != null) {
        client.close();
        client = null;
      }
    } finally {
      connecting.unlock();
    }
  }
}
