package dev.facet.bootstrap;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Plain HTTP for probes and Prometheus, on a port of its own. */
final class AdminServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor;

  AdminServer(
      AdminSettings settings,
      BooleanSupplier alive,
      BooleanSupplier ready,
      Supplier<String> metrics) {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new StartException("admin", address, e);
    }
    executor = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("admin-", 0).factory());
    server.setExecutor(executor);
    server.createContext("/", exchange -> handle(exchange, alive, ready, metrics));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void handle(
      HttpExchange exchange, BooleanSupplier alive, BooleanSupplier ready, Supplier<String> metrics)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("GET")) {
        answer(exchange, 405, "only GET\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/livez" -> {
          boolean yes = alive.getAsBoolean();
          answer(exchange, yes ? 200 : 503, yes ? "alive\n" : "failed\n");
        }
        case "/readyz" -> {
          boolean yes = ready.getAsBoolean();
          answer(exchange, yes ? 200 : 503, yes ? "ready\n" : "not ready\n");
        }
        case "/metrics" -> answer(exchange, 200, metrics.get());
        default -> answer(exchange, 404, "try /livez, /readyz or /metrics\n");
      }
    }
  }

  private static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.sendResponseHeaders(code, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
