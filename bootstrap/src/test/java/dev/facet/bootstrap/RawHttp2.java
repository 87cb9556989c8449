package dev.facet.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One HTTP/2 connection written frame by frame: a client that need not do what a client of gRPC
 * does by itself, such as ending a call at its deadline or sending a request as a whole.
 */
final class RawHttp2 implements AutoCloseable {
  static final int CANCEL = 8;
  static final int ENHANCE_YOUR_CALM = 11;

  /** The connection ended without a word, or with one that a reset by TCP took away. */
  static final int UNHEARD = -1;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int STANDARD_WINDOW = 65_535;

  private final Socket socket;
  private final OutputStream out;
  private final CompletableFuture<Integer> goAway = new CompletableFuture<>();
  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);

  // Guarded by this.
  private final Map<Integer, Call> calls = new HashMap<>();
  private int nextStream = 1;
  private long window = STANDARD_WINDOW;
  private long streamWindow = STANDARD_WINDOW;

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
    Thread.ofVirtual().name("raw-http2").start(this::read);
  }

  /** A call: its stream, and how the server ended it. */
  final class Call {
    private final int stream;
    private final CompletableFuture<String> status = new CompletableFuture<>();
    private long sendable; // guarded by the connection

    private Call(int stream) {
      this.stream = stream;
    }

    /** The trailers' grpc-status, or {@code RST} and the code. */
    CompletableFuture<String> status() {
      return status;
    }

    /** Begins a message of so many bytes; they follow as {@link #send}. */
    void announce(int bytes) throws IOException {
      send(ByteBuffer.allocate(5).put((byte) 0).putInt(bytes).array(), false);
    }

    /** Sends a piece, if the server's windows have room for it. */
    boolean send(byte[] piece, boolean last) throws IOException {
      synchronized (RawHttp2.this) {
        if (Math.min(window, sendable) < piece.length) {
          return false;
        }
        window -= piece.length;
        sendable -= piece.length;
      }
      frame(DATA, last ? END_STREAM : 0, stream, piece);
      return true;
    }

    /** Waits for room and sends a piece, unless the server has ended the call. */
    void sendAll(byte[] piece, boolean last) throws Exception {
      while (!status.isDone() && !send(piece, last)) {
        Thread.sleep(1); // the windows are another machine's to open; nothing else tells of it
      }
    }

    void reset() throws IOException {
      frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
    }
  }

  /** Asks the server whether it is there. */
  void ping() throws IOException {
    frame(PING, 0, 0, new byte[8]);
  }

  /** The error code with which the server ends the connection. */
  CompletableFuture<Integer> goAway() {
    return goAway;
  }

  /**
   * Opens a call of a method.
   *
   * @param timeout as gRPC writes it, such as {@code 200m}; none if empty
   */
  synchronized Call call(String method, String timeout) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    literal(block, ":method", "POST");
    literal(block, ":scheme", "http");
    literal(block, ":path", "/" + method);
    literal(block, ":authority", "localhost");
    literal(block, "content-type", "application/grpc");
    literal(block, "te", "trailers");
    if (!timeout.isEmpty()) {
      literal(block, "grpc-timeout", timeout);
    }
    Call call = new Call(nextStream);
    call.sendable = streamWindow;
    nextStream += 2;
    calls.put(call.stream, call);
    frame(HEADERS, END_HEADERS, call.stream, block.toByteArray());
    return call;
  }

  /** A header written out, and not remembered by the other side (RFC 7541, 6.2.2). */
  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    for (String text : new String[] {name, value}) {
      block.write(text.length());
      block.writeBytes(text.getBytes(US_ASCII));
    }
  }

  private synchronized void frame(int type, int flags, int stream, byte[] body) throws IOException {
    out.write(
        ByteBuffer.allocate(9 + body.length)
            .put((byte) (body.length >> 16))
            .putShort((short) body.length)
            .put((byte) type)
            .put((byte) flags)
            .putInt(stream)
            .put(body)
            .array());
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        take(type, flags, stream, in.readNBytes(length));
      }
    } catch (IOException | Http2Exception e) {
      goAway.complete(UNHEARD); // closed without a word, unless there was one
      synchronized (this) {
        calls.values().forEach(call -> call.status.complete("closed"));
      }
    }
  }

  private void take(int type, int flags, int stream, byte[] body)
      throws IOException, Http2Exception {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    switch (type) {
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          settings(bytes);
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(PING, ACK, 0, body);
        }
      }
      case WINDOW_UPDATE -> opened(stream, bytes.getInt());
      case GOAWAY -> goAway.complete(bytes.getInt(4));
      case RST_STREAM -> ended(stream, "RST " + bytes.getInt());
      case HEADERS -> {
        CharSequence status =
            headers.decodeHeaders(stream, Unpooled.wrappedBuffer(body)).get("grpc-status");
        if (status != null) {
          ended(stream, status.toString());
        }
      }
      default -> {}
    }
  }

  private synchronized void settings(ByteBuffer settings) {
    while (settings.remaining() >= 6) {
      int name = settings.getShort();
      long value = Integer.toUnsignedLong(settings.getInt());
      if (name == INITIAL_WINDOW_SIZE) {
        long more = value - streamWindow;
        streamWindow = value;
        calls.values().forEach(call -> call.sendable += more);
      }
    }
  }

  private synchronized void opened(int stream, int more) {
    Call call = calls.get(stream);
    if (stream == 0) {
      window += more;
    } else if (call != null) {
      call.sendable += more;
    }
  }

  private synchronized void ended(int stream, String status) {
    Call call = calls.remove(stream);
    if (call != null) {
      call.status.complete(status);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
