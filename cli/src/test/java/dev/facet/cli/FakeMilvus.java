package dev.facet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An engine that only lists no collections, for {@code facet up} to start. Asked to end, it adds
 * its name to the file that is its argument, and goes on, as the real one may.
 */
final class FakeMilvus {

  private FakeMilvus() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(System.getenv("PROXY_PORT"));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext(
        "/v1/vector/collections",
        call -> {
          byte[] answer = "{\"code\":200,\"data\":[]}".getBytes(UTF_8);
          call.sendResponseHeaders(200, answer.length);
          call.getResponseBody().write(answer);
          call.close();
        });
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  note(Path.of(args[0]));
                  endlessly();
                }));
    server.start();
  }

  private static void note(Path stopped) {
    try {
      Files.writeString(stopped, "milvus\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void endlessly() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
