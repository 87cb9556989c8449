package dev.facet.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Ports of loopback. */
final class Ports {
  private static final int LOWEST_ROW = 20_000;
  private static final int HIGHEST_ROW = 32_000;
  private static final AtomicInteger LOOKS = new AtomicInteger();

  private Ports() {}

  /** One that nobody has at this moment. */
  static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * The first of so many free ports in a row, below those that systems lend to connections. Whoever
   * looks at the same time, here or in another process, begins at a place of its own.
   */
  static int row(int count) throws IOException {
    int rows = (HIGHEST_ROW - LOWEST_ROW) / count;
    for (int i = 0; i < rows; i++) {
      long row = 8 * ProcessHandle.current().pid() + LOOKS.getAndIncrement();
      int first = LOWEST_ROW + (int) (row % rows) * count;
      if (IntStream.range(first, first + count).allMatch(Ports::isFree)) {
        return first;
      }
    }
    throw new IOException("no " + count + " free ports in a row");
  }

  /** Whether nobody listens there, and no connection of somebody who did is left. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(false);
      socket.bind(new InetSocketAddress(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
