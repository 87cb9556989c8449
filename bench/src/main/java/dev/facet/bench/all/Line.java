package dev.facet.bench.all;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;

/** An open connection to a service. */
final class Line implements AutoCloseable {

  private static final int MAX_ANSWER_BYTES = 64 << 20;

  private final ManagedChannel channel;

  private Line(ManagedChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects with the first call.
   *
   * @param address host:port
   */
  static Line to(String address) {
    return new Line(
        NettyChannelBuilder.forTarget("dns:///" + address)
            .usePlaintext()
            .maxInboundMessageSize(MAX_ANSWER_BYTES)
            .build());
  }

  Channel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
