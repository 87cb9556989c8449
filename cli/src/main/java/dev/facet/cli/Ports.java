package dev.facet.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The loopback ports of a cluster on this machine. */
record Ports(Doors gateway, Doors detector, Doors embedder) {

  /** The ports of the design. */
  static final Ports STANDARD =
      new Ports(new Doors(50051, 9464), new Doors(50052, 9465), new Doors(50053, 9466));

  private static final int LOWEST_ROW = 20_000;
  private static final int HIGHEST_ROW = 32_000;
  private static final int ROWS_TRIED = 1_000;

  /**
   * The two ports of a service.
   *
   * @param grpc for calls
   * @param admin for probes and metrics
   */
  record Doors(int grpc, int admin) {}

  /** Ports that nobody held a moment ago. */
  static Ports free() {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        sockets.add(open(0));
      }
      Iterator<Integer> free = sockets.stream().map(ServerSocket::getLocalPort).iterator();
      return new Ports(
          new Doors(free.next(), free.next()),
          new Doors(free.next(), free.next()),
          new Doors(free.next(), free.next()));
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.UNAVAILABLE, "no free ports", e);
    } finally {
      sockets.forEach(Ports::close);
    }
  }

  /**
   * Makes sure that every port can be taken.
   *
   * @throws CommandFailure naming all that cannot, and who holds them
   */
  void requireFree() {
    List<String> taken = new ArrayList<>();
    for (Doors doors : List.of(gateway, detector, embedder)) {
      for (int port : new int[] {doors.grpc, doors.admin}) {
        if (!isFree(port)) {
          taken.add(
              "port %d is taken by %s"
                  .formatted(
                      port, PortHolder.of(port).orElse("a process that cannot be seen here")));
        }
      }
    }
    if (!taken.isEmpty()) {
      throw new CommandFailure(
          ExitCode.UNAVAILABLE, String.join("; ", taken) + "; --ports auto takes free ones");
    }
  }

  /**
   * The first of so many free ports in a row, below those that systems lend to connections, so that
   * they can be had again after a restart.
   */
  static int row(int count) {
    for (int attempt = 0; attempt < ROWS_TRIED; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(LOWEST_ROW, HIGHEST_ROW);
      if (isFree(first, count)) {
        return first;
      }
    }
    throw new CommandFailure(ExitCode.UNAVAILABLE, "no " + count + " free ports in a row");
  }

  /** Whether so many ports in a row can be taken. */
  static boolean isFree(int first, int count) {
    return IntStream.range(first, first + count).allMatch(Ports::isFree);
  }

  private static boolean isFree(int port) {
    try {
      close(open(port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static ServerSocket open(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
