package dev.facet.bench.load;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc.EmbedderServiceImplBase;
import dev.facet.proto.embedder.v1.Embedding;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.type.v1.CropSpec;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.v1.Collection;
import dev.facet.proto.v1.CollectionServiceGrpc.CollectionServiceImplBase;
import dev.facet.proto.v1.CreateCollectionRequest;
import dev.facet.proto.v1.CreateCollectionResponse;
import dev.facet.proto.v1.DetectRequest;
import dev.facet.proto.v1.DetectResponse;
import dev.facet.proto.v1.DetectedFace;
import dev.facet.proto.v1.DropCollectionRequest;
import dev.facet.proto.v1.DropCollectionResponse;
import dev.facet.proto.v1.EnrollRequest;
import dev.facet.proto.v1.EnrollResponse;
import dev.facet.proto.v1.EnrollStreamRequest;
import dev.facet.proto.v1.EnrollStreamResponse;
import dev.facet.proto.v1.EnrolledFace;
import dev.facet.proto.v1.FaceMatches;
import dev.facet.proto.v1.FaceServiceGrpc.FaceServiceImplBase;
import dev.facet.proto.v1.SearchRequest;
import dev.facet.proto.v1.SearchResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A gateway and an embedder on a loopback port, with a service time that is set. A picture of N
 * bytes has N − 1 faces; a picture of one byte is refused as {@code NO_FACE}.
 *
 * <p>It can serve all calls at the same time, or one after the other, and it can freeze: what comes
 * meanwhile, and what is under way, is answered when it thaws.
 */
final class FakeServer implements AutoCloseable {

  private final ScheduledExecutorService time =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().name("fake-", 0).daemon().factory());
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong freeAt = new AtomicLong(System.nanoTime());
  private final Set<String> subjects = ConcurrentHashMap.newKeySet();
  private final Set<String> requestIds = ConcurrentHashMap.newKeySet();
  private final Set<String> collections = ConcurrentHashMap.newKeySet();
  private final Set<String> authorizations = ConcurrentHashMap.newKeySet();
  private final Server server;

  private volatile Duration serviceTime = Duration.ZERO;
  private volatile boolean oneAtATime;
  private volatile long freezeAtCall = Long.MAX_VALUE;
  private volatile long freezeNanos;
  private volatile boolean mute;
  private volatile long away;

  // When it thaws, in System.nanoTime; guarded by this.
  private long thawsAt = System.nanoTime();

  FakeServer() throws IOException {
    this(InsecureServerCredentials.create());
  }

  FakeServer(ServerCredentials credentials) throws IOException {
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
            .intercept(new Listening())
            .addService(new Faces())
            .addService(new Collections())
            .addService(new Embedder())
            .addService(new HealthStatusManager().getHealthService())
            .directExecutor()
            .build()
            .start();
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** All calls take so long, whoever else is served. */
  FakeServer taking(Duration each) {
    serviceTime = each;
    return this;
  }

  /** One call is served at a time, so its capacity is one by the service time. */
  FakeServer oneAtATime(Duration each) {
    oneAtATime = true;
    return taking(each);
  }

  /** With this call, counted from 1, it stops for a while. */
  FakeServer freezingAt(long call, Duration duration) {
    freezeNanos = duration.toNanos();
    freezeAtCall = call;
    return this;
  }

  /** The first so many calls are told that it is not there. */
  FakeServer awayFor(long calls) {
    away = calls;
    return this;
  }

  /** It takes calls and answers none. */
  FakeServer mute() {
    mute = true;
    return this;
  }

  /** Calls that came. */
  long calls() {
    return calls.get();
  }

  /** Who was enrolled. */
  Set<String> subjects() {
    return subjects;
  }

  /** Ids of the requests of streams. */
  Set<String> requestIds() {
    return requestIds;
  }

  /** Collections that are there. */
  Set<String> collections() {
    return collections;
  }

  /** What came as authorization, of all calls. */
  Set<String> authorizations() {
    return authorizations;
  }

  @Override
  public void close() {
    server.shutdownNow();
    time.shutdownNow();
  }

  /** Answers when the service time is over, and the server is not frozen. */
  private void later(Runnable answer) {
    if (mute) {
      return;
    }
    long now = System.nanoTime();
    long nanos = serviceTime.toNanos();
    long begin = oneAtATime ? freeAt.getAndUpdate(free -> Math.max(free, now) + nanos) : now;
    long at = Math.max(begin, now) + nanos;
    synchronized (this) {
      if (calls.incrementAndGet() == freezeAtCall) {
        thawsAt = now + freezeNanos;
      }
      at = Math.max(at, thawsAt);
    }
    if (at - now <= 0) {
      answer.run();
      return;
    }
    try {
      var _ = time.schedule(answer, at - now, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return; // closed meanwhile
    }
  }

  private static com.google.rpc.Status refusal(Status.Code code, String reason) {
    return com.google.rpc.Status.newBuilder()
        .setCode(code.value())
        .setMessage("refused")
        .addDetails(
            Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("facet.dev").build()))
        .build();
  }

  private <R> void reply(StreamObserver<R> to, Image photo, R answer) {
    boolean absent = calls.get() < away;
    later(
        () -> {
          if (absent) {
            to.onError(Status.UNAVAILABLE.asRuntimeException());
          } else if (photo.getData().size() == 1) {
            to.onError(
                StatusProto.toStatusException(refusal(Status.Code.FAILED_PRECONDITION, "NO_FACE")));
          } else {
            to.onNext(answer);
            to.onCompleted();
          }
        });
  }

  private static int faces(Image photo) {
    return photo.getData().size() - 1;
  }

  private final class Listening implements ServerInterceptor {

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      authorizations.add(
          String.valueOf(
              headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER))));
      return next.startCall(call, headers);
    }
  }

  private final class Faces extends FaceServiceImplBase {

    @Override
    public void detect(DetectRequest request, StreamObserver<DetectResponse> to) {
      DetectResponse.Builder answer = DetectResponse.newBuilder();
      for (int i = 0; i < faces(request.getImage()); i++) {
        answer.addFaces(DetectedFace.getDefaultInstance());
      }
      reply(to, request.getImage(), answer.build());
    }

    @Override
    public void search(SearchRequest request, StreamObserver<SearchResponse> to) {
      SearchResponse.Builder answer = SearchResponse.newBuilder();
      for (int i = 0; i < faces(request.getProbe().getImage()); i++) {
        answer.addResults(FaceMatches.getDefaultInstance());
      }
      if (collections.contains(request.getCollectionId())) {
        reply(to, request.getProbe().getImage(), answer.build());
      } else {
        to.onError(
            StatusProto.toStatusException(refusal(Status.Code.NOT_FOUND, "COLLECTION_NOT_FOUND")));
      }
    }

    @Override
    public void enroll(EnrollRequest request, StreamObserver<EnrollResponse> to) {
      subjects.add(request.getSubjectId());
      reply(to, request.getProbe().getImage(), enrolled());
    }

    @Override
    public StreamObserver<EnrollStreamRequest> enrollStream(
        StreamObserver<EnrollStreamResponse> to) {
      return new StreamObserver<>() {
        @Override
        public void onNext(EnrollStreamRequest message) {
          EnrollRequest request = message.getRequest();
          subjects.add(request.getSubjectId());
          requestIds.add(request.getRequestId());
          EnrollStreamResponse.Builder answer =
              EnrollStreamResponse.newBuilder().setRequestId(request.getRequestId());
          if (request.getProbe().getImage().getData().size() == 1) {
            answer.setError(refusal(Status.Code.FAILED_PRECONDITION, "NO_FACE"));
          } else {
            answer.setResponse(enrolled());
          }
          later(
              () -> {
                synchronized (to) {
                  to.onNext(answer.build());
                }
              });
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
          to.onCompleted();
        }
      };
    }

    private static EnrollResponse enrolled() {
      return EnrollResponse.newBuilder().addFaces(EnrolledFace.getDefaultInstance()).build();
    }
  }

  private final class Collections extends CollectionServiceImplBase {

    @Override
    public void createCollection(
        CreateCollectionRequest request, StreamObserver<CreateCollectionResponse> to) {
      collections.add(request.getCollectionId());
      to.onNext(
          CreateCollectionResponse.newBuilder()
              .setCollection(Collection.newBuilder().setCollectionId(request.getCollectionId()))
              .build());
      to.onCompleted();
    }

    @Override
    public void dropCollection(
        DropCollectionRequest request, StreamObserver<DropCollectionResponse> to) {
      collections.remove(request.getCollectionId());
      to.onNext(DropCollectionResponse.getDefaultInstance());
      to.onCompleted();
    }
  }

  private final class Embedder extends EmbedderServiceImplBase {

    @Override
    public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> to) {
      to.onNext(
          GetModelsResponse.newBuilder()
              .addModels(
                  EmbedderModel.newBuilder()
                      .setDefault(true)
                      .setCropSpec(CropSpec.newBuilder().setWidth(16).setHeight(16)))
              .build());
      to.onCompleted();
    }

    @Override
    public void embed(
        dev.facet.proto.embedder.v1.EmbedRequest request,
        StreamObserver<dev.facet.proto.embedder.v1.EmbedResponse> to) {
      dev.facet.proto.embedder.v1.EmbedResponse.Builder answer =
          dev.facet.proto.embedder.v1.EmbedResponse.newBuilder();
      request
          .getCropsList()
          .forEach(
              crop -> {
                if (crop.getRgb().size() != 16 * 16 * 3) {
                  throw new IllegalArgumentException("crop of " + crop.getRgb().size());
                }
                answer.addEmbeddings(Embedding.getDefaultInstance());
              });
      reply(to, image(2), answer.build());
    }
  }

  /** A picture with one face less than it has bytes. */
  static Image image(int bytes) {
    return Image.newBuilder().setData(ByteString.copyFrom(new byte[bytes])).build();
  }
}
