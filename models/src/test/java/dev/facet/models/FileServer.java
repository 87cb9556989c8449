package dev.facet.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server on the loopback interface, with one file and the faults of bad servers. */
final class FileServer implements AutoCloseable {

  /** The {@code Range} header of each request, or "whole". */
  final List<String> requests = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  FileServer(HttpHandler handler) throws IOException {
    this(handler, 0);
  }

  /**
   * @param port 0 takes a free one
   */
  FileServer(HttpHandler handler, int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String range = exchange.getRequestHeaders().getFirst("Range");
          requests.add(range == null ? "whole" : range);
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:%d/model.onnx".formatted(server.getAddress().getPort()));
  }

  /** Sends a file, or the part of it that is asked for. */
  static HttpHandler ranged(byte[] file) {
    return exchange -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int start =
          range == null
              ? 0
              : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      if (range != null) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes %d-%d/%d".formatted(start, file.length - 1, file.length));
      }
      send(exchange, range == null ? 200 : 206, file, start, file.length);
    };
  }

  /** Sends a file whole, whatever is asked for. */
  static HttpHandler whole(byte[] file) {
    return exchange -> send(exchange, 200, file, 0, file.length);
  }

  /** Promises the file from {@code start}, sends it up to {@code end}. */
  static void send(HttpExchange exchange, int status, byte[] file, int start, int end)
      throws IOException {
    exchange.sendResponseHeaders(status, file.length - start);
    exchange.getResponseBody().write(file, start, end - start);
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
