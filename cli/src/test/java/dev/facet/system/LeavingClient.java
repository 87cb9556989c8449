package dev.facet.system;

import dev.facet.proto.embedder.v1.EmbedStreamRequest;
import dev.facet.proto.embedder.v1.EmbedStreamResponse;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.Random;

/** A client that uploads on many streams and never ends by itself; a process to be killed. */
final class LeavingClient {
  private static final int STREAMS = 50;

  private LeavingClient() {}

  public static void main(String... args) throws InterruptedException {
    ManagedChannel channel = NettyChannelBuilder.forTarget(args[0]).usePlaintext().build();
    Random random = new Random(1);
    for (int i = 0; i < STREAMS; i++) {
      StreamObserver<EmbedStreamRequest> upload =
          EmbedderServiceGrpc.newStub(channel).embedStream(new Deaf());
      for (int j = 0; j < 8; j++) {
        upload.onNext(
            EmbedStreamRequest.newBuilder()
                .setId("crop-" + j)
                .setRequest(EmbedderLoad.request(random, 16))
                .build());
      }
    }
    System.out.println("uploading");
    Thread.currentThread().join();
  }

  private static final class Deaf implements StreamObserver<EmbedStreamResponse> {
    @Override
    public void onNext(EmbedStreamResponse answer) {}

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {}
  }
}
