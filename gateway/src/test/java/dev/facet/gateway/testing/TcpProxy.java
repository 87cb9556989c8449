package dev.facet.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between a client and a server of loopback, and can be a bad line. */
public final class TcpProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket door;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong toServer = new AtomicLong();
  private volatile boolean silent;
  private volatile boolean closed;

  /** A proxy before a port of loopback. */
  public TcpProxy(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** Keeps connections open and hands nothing on, in either direction. */
  public void silence(boolean on) {
    silent = on;
  }

  /** Bytes that clients have sent and the server has been given. */
  public long bytesToServer() {
    return toServer.get();
  }

  /** Ends all connections there are; new ones are taken. */
  public void cut() {
    sockets.forEach(TcpProxy::closeQuietly);
    sockets.clear();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> carry(client, server, toServer));
        Thread.ofVirtual().start(() -> carry(server, client, new AtomicLong()));
      } catch (IOException e) {
        // The door is closed, or the server is away.
      }
    }
  }

  private void carry(Socket from, Socket to, AtomicLong count) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1 << 16];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        while (silent && !closed) {
          Thread.sleep(10);
        }
        out.write(bytes, 0, read);
        count.addAndGet(read);
      }
    } catch (IOException e) {
      // One side is gone, and so the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    door.close();
    cut();
  }
}
