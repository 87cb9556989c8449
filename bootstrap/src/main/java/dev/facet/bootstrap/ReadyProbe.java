package dev.facet.bootstrap;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a service on this machine whether it is ready, for container engines that run a command to
 * find out; images have no shell and no curl. The JVM's own HTTP client would take longer to load
 * than to answer.
 */
public final class ReadyProbe {
  private static final int LIMIT_MILLIS = 3_000;

  private ReadyProbe() {}

  /**
   * Ends with 0 if the service is ready, 1 if it is not, 2 after a wrong call.
   *
   * @param args the admin port
   */
  public static void main(String[] args) {
    if (args.length != 1) {
      System.err.println("usage: ReadyProbe ADMIN_PORT");
      System.exit(2);
    }
    System.exit(ready(Integer.parseInt(args[0])) ? 0 : 1);
  }

  /** Whether {@code /readyz} of that port answers 200 within three seconds. */
  static boolean ready(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write("GET /readyz HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return new String(start, StandardCharsets.US_ASCII).endsWith(" 200");
    } catch (IOException e) {
      return false;
    }
  }
}
