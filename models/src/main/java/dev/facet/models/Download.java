package dev.facet.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fills a {@link PartFile} over HTTP, continuing where an earlier attempt was cut off.
 *
 * <p>Redirects are followed, but never from https to http. An address that does not answer costs
 * the connect timeout; a connection that breaks after having brought something is tried again.
 *
 * <p>A host that took no connection is not asked again for another file: a dead network costs one
 * timeout for each host, not for each address.
 */
final class Download {

  private static final int ATTEMPTS = 3;

  private final Duration connectTimeout;
  private final Duration stallTimeout;
  private final Set<String> silent = ConcurrentHashMap.newKeySet();

  /**
   * @param stallTimeout how long a server may be silent, before its answer and in the middle of it
   */
  Download(Duration connectTimeout, Duration stallTimeout) {
    this.connectTimeout = connectTimeout;
    this.stallTimeout = stallTimeout;
  }

  /**
   * Brings the part to its full length; whether it is the right file is for its checksum to say.
   *
   * @throws IOException with a text for the operator, if the address does not give the file
   */
  void fill(PartFile part, URI address) throws IOException, InterruptedException {
    if (silent.contains(address.getAuthority())) {
      throw new IOException("no connection");
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(connectTimeout)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      for (int attempt = 1; !part.complete(); attempt++) {
        long before = part.keptBytes();
        try {
          request(client, address, part, before);
        } catch (HttpConnectTimeoutException e) {
          silent.add(address.getAuthority());
          throw new IOException(
              "no connection within %d ms".formatted(connectTimeout.toMillis()), e);
        } catch (ConnectException e) {
          silent.add(address.getAuthority());
          throw new IOException("no connection", e);
        } catch (IOException e) {
          if (attempt == ATTEMPTS || part.keptBytes() <= before) {
            throw e;
          }
        }
      }
    }
  }

  private void request(HttpClient client, URI address, PartFile part, long offset)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(stallTimeout);
    if (offset > 0) {
      request.header("Range", "bytes=%d-".formatted(offset));
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = new GuardedStream(response.body(), stallTimeout)) {
      if (offset > 0 && refusesToContinue(response, part, offset)) {
        part.discard();
        request(client, address, part, 0);
        return;
      }
      long start = response.statusCode() == 206 && offset > 0 ? offset : 0;
      if (response.statusCode() != 200 && start == 0) {
        throw new IOException("HTTP status " + response.statusCode());
      }
      long offered = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      if (offered >= 0 && !part.length().admits(start + offered)) {
        throw new IOException(
            "offers %d bytes instead of %s".formatted(start + offered, part.length()));
      }
      part.receive(body, start);
    }
  }

  /** Whether the server has another file, or another part of it, than what is to be continued. */
  private static boolean refusesToContinue(HttpResponse<?> response, PartFile part, long offset) {
    long total = part.length().most();
    String expected = "bytes %d-%d/%d".formatted(offset, total - 1, total);
    return switch (response.statusCode()) {
      case 206 -> !response.headers().firstValue("Content-Range").equals(Optional.of(expected));
      case 416 -> true;
      default -> false;
    };
  }
}
