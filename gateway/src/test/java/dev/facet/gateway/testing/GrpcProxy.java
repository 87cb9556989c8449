package dev.facet.gateway.testing;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a gRPC client and a server of loopback, and may answer in the server's place.
 * Hands on unary calls, as bytes, without their metadata.
 */
public final class GrpcProxy implements AutoCloseable {
  private static final int MESSAGE_BYTES = 64 << 20;

  private final ManagedChannel target;
  private final Server door;
  private final BiFunction<String, byte[], Optional<byte[]>> instead;

  /**
   * A proxy before a port of loopback.
   *
   * @param instead for the full name of a method and a request, an answer in the server's place, if
   *     any
   */
  public GrpcProxy(int port, BiFunction<String, byte[], Optional<byte[]>> instead)
      throws IOException {
    this.instead = instead;
    target =
        Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
            .maxInboundMessageSize(MESSAGE_BYTES)
            .build();
    door =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxInboundMessageSize(MESSAGE_BYTES)
            .fallbackHandlerRegistry(new AnyMethod())
            .build()
            .start();
  }

  public int port() {
    return door.getPort();
  }

  private final class AnyMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .setRequestMarshaller(new Bytes())
              .setResponseMarshaller(new Bytes())
              .build();
      ServerCallHandler<byte[], byte[]> handler =
          ServerCalls.asyncUnaryCall((request, answer) -> handle(method, request, answer));
      return ServerMethodDefinition.create(method, handler);
    }
  }

  private void handle(
      MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> answer) {
    Optional<byte[]> own = instead.apply(method.getFullMethodName(), request);
    if (own.isPresent()) {
      answer.onNext(own.get());
      answer.onCompleted();
    } else {
      ClientCalls.asyncUnaryCall(target.newCall(method, CallOptions.DEFAULT), request, answer);
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    door.shutdownNow();
    target.shutdownNow();
  }
}
