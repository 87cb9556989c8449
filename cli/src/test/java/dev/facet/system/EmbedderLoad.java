package dev.facet.system;

import com.google.protobuf.ByteString;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.type.v1.Crop;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Callers of an embedder, each with one call at a time, until it is ended. */
final class EmbedderLoad {
  private static final int SIDE = 112;

  private final Channel channel;
  private final AtomicBoolean going = new AtomicBoolean(true);
  private final CountDownLatch callers;
  private final Map<Status.Code, LongAdder> answers = new ConcurrentHashMap<>();

  /** Makes one call. */
  @FunctionalInterface
  interface Call {
    void make(EmbedderServiceGrpc.EmbedderServiceBlockingStub stub, Random random);
  }

  EmbedderLoad(Channel channel, int width, Call call) {
    this.channel = channel;
    this.callers = new CountDownLatch(width);
    for (int i = 0; i < width; i++) {
      Random random = new Random(i);
      Thread.startVirtualThread(() -> repeat(call, random));
    }
  }

  /** Crops of noise. */
  static EmbedRequest request(Random random, int crops) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder();
    for (int i = 0; i < crops; i++) {
      byte[] rgb = new byte[SIDE * SIDE * 3];
      random.nextBytes(rgb);
      request.addCrops(
          Crop.newBuilder().setWidth(SIDE).setHeight(SIDE).setRgb(ByteString.copyFrom(rgb)));
    }
    return request.build();
  }

  /**
   * All that an embedder meets: good calls of any size, wrong ones, hasty ones, those who leave.
   */
  static void mixed(EmbedderServiceGrpc.EmbedderServiceBlockingStub stub, Random random) {
    EmbedRequest request = request(random, 1 + random.nextInt(8));
    switch (random.nextInt(50)) {
      case 0, 1, 2, 3 -> stub.embed(request.toBuilder().setModel("nobody").build());
      case 4, 5, 6, 7 ->
          stub.embed(request.toBuilder().addCrops(Crop.getDefaultInstance()).build());
      // Each of these resets its stream, of which a connection may do 200 in 30 seconds.
      case 8 -> stub.withDeadlineAfter(5, TimeUnit.MILLISECONDS).embed(request);
      case 9 -> {
        try (Context.CancellableContext context = Context.current().withCancellation()) {
          Thread.startVirtualThread(() -> context.cancel(null));
          context.run(() -> stub.embed(request));
        }
      }
      default -> stub.embed(request);
    }
  }

  /** Answers so far, by their codes. */
  Map<Status.Code, Long> answers() {
    Map<Status.Code, Long> counts = new TreeMap<>();
    answers.forEach((code, count) -> counts.put(code, count.sum()));
    return counts;
  }

  private void repeat(Call call, Random random) {
    try {
      while (going.get()) {
        count(call, random);
      }
    } finally {
      callers.countDown();
    }
  }

  private void count(Call call, Random random) {
    Status.Code code = Status.Code.OK;
    try {
      call.make(EmbedderServiceGrpc.newBlockingStub(channel), random);
    } catch (StatusRuntimeException e) {
      code = e.getStatus().getCode();
    }
    answers.computeIfAbsent(code, key -> new LongAdder()).increment();
  }

  /** Lets the calls under way end. */
  void end() throws InterruptedException {
    going.set(false);
    callers.await();
  }
}
