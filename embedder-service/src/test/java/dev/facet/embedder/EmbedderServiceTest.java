package dev.facet.embedder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.inference.batch.BatchPolicy;
import dev.facet.inference.onnx.OnnxSettings;
import dev.facet.inference.onnx.ProviderUnavailableException;
import dev.facet.inference.serving.Lease;
import dev.facet.models.Catalogue;
import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.graph.Precision;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedStreamRequest;
import dev.facet.proto.embedder.v1.EmbedStreamResponse;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc.EmbedderServiceBlockingStub;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.type.v1.Crop;
import dev.facet.serving.ModelsInService;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The embedder over loopback, with real weights. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbedderServiceTest {
  private EmbedderSettings settings;
  private ServiceHost host;
  private ModelsInService<Embedder> embedders;
  private ManagedChannel channel;
  private EmbedderServiceBlockingStub stub;

  @BeforeAll
  void serve(@TempDir Path cache) {
    settings = settings(cache);
    host = ServiceHost.open("embedder", settings.server());
    embedders = Embedders.load(settings, host.meters());
    host.serve(EmbedderErrors.TABLE, new EmbedderService(embedders, EmbedderErrors.TABLE));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", host.grpcPort()).usePlaintext().build();
    stub = EmbedderServiceGrpc.newBlockingStub(channel);
  }

  private static EmbedderSettings settings(Path cache, String... more) {
    String[] always = {
      "grpc.port=0",
      "admin.port=0",
      "drain.delay=0s",
      "models.serve=edgeface-xs,mobilefacenet",
      "models.cache=" + cache,
      "models.mirror=" + Shared.weights()
    };
    return Settings.load(
        EmbedderSettings.class,
        Stream.of(always, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    if (channel != null) {
      channel.shutdownNow();
      embedders.close();
      host.close();
    }
  }

  /** M04. */
  @Test
  void vectorDoesNotDependOnSlotOrBatchSize() {
    float[] alone = vector(embed(List.of(crop(0))), 0);
    for (int size = 2; size <= settings.batch().max(); size += 3) {
      for (int slot = 0; slot < size; slot += 2) {
        int here = slot;
        EmbedResponse response =
            embed(IntStream.range(0, size).mapToObj(i -> crop(i == here ? 0 : i + 1)).toList());
        assertThat(SelfTest.cosine(alone, vector(response, slot))).isGreaterThanOrEqualTo(0.9999);
      }
    }
  }

  @Test
  void libraryGivesTheVectorsThatTheServiceGives(@TempDir Path cache) {
    ModelStore store = new ModelStore(Catalogue.bundled(), cache, Optional.of(Shared.weights()));
    List<Crop> crops = IntStream.range(0, 3).mapToObj(EmbedderServiceTest::crop).toList();
    EmbedResponse served = embed(crops);
    try (LocalEmbedder local =
        LocalEmbedder.load(
            store.served("edgeface-xs", Progress.NONE),
            OnnxSettings.cpu(),
            BatchPolicy.of(4, 1),
            new SimpleMeterRegistry())) {
      List<float[]> vectors =
          local.embed(crops.stream().map(crop -> crop.getRgb().toByteArray()).toList());
      for (int i = 0; i < vectors.size(); i++) {
        assertThat(SelfTest.cosine(vectors.get(i), vector(served, i))).isGreaterThan(0.99999);
      }
      assertThatThrownBy(() -> local.embed(List.of(new byte[5])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "edgeface-xs takes crops of 112x112 pixels in 37632 bytes, not in 5");
    }
  }

  /** Its self-test has passed then, against vectors of float32. */
  @Test
  void halfPrecisionServesUnderTheSameId(@TempDir Path cache) {
    // Few crops: a processor takes float16 slowly.
    EmbedderSettings half =
        settings(cache, "onnx.precision=fp16", "models.serve=mobilefacenet", "batch.max=2");
    try (ModelsInService<Embedder> inHalf = Embedders.load(half, new SimpleMeterRegistry());
        Lease<Embedder> lease = inHalf.lease("mobilefacenet");
        Lease<Embedder> fullLease = embedders.lease("mobilefacenet")) {
      Embedder embedder = lease.model();
      Embedder full = fullLease.model();
      assertThat(embedder.id()).isEqualTo(full.id());
      assertThat(embedder.served().precision()).isEqualTo(Precision.FP16);
      byte[] crop = GoldenCrop.draw(0, embedder.cropWidth(), embedder.cropHeight());
      float[] expected = full.embedNow(List.of(crop)).getFirst();
      assertThat(SelfTest.cosine(embedder.embedNow(List.of(crop)).getFirst(), expected))
          .isBetween(SelfTest.LEAST_COSINE_IN_HALF, 1 - 1e-9);
    }
  }

  /** M01 at this door: the crop that does not fit is refused, and nobody else notices. */
  @Test
  void cropOfTheWrongSizeIsRefusedAndHarmsNoBatchMate() throws Exception {
    float[] expected = vector(embed(List.of(crop(0))), 0);
    Crop poison = crop(1).toBuilder().setRgb(ByteString.copyFrom(new byte[5])).build();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var good =
          IntStream.range(0, 15)
              .mapToObj(i -> callers.submit(() -> vector(embed(List.of(crop(0))), 0)))
              .toList();
      assertThatThrownBy(() -> embed(List.of(crop(2), poison)))
          .satisfies(e -> assertThat(reason(e)).isEqualTo("CROP_SIZE"))
          .hasMessageContaining("112x112");
      for (var vector : good) {
        assertThat(SelfTest.cosine(expected, vector.get())).isGreaterThanOrEqualTo(0.9999);
      }
    }
  }

  @Test
  void sizesThatAreNoSizesAreRefused() {
    for (Crop crop :
        List.of(
            Crop.getDefaultInstance(),
            crop(0).toBuilder().setWidth(-1).build(),
            crop(0).toBuilder().setWidth(113).build(),
            crop(0).toBuilder().clearRgb().build())) {
      assertThatThrownBy(() -> embed(List.of(crop)))
          .satisfies(e -> assertThat(reason(e)).isEqualTo("CROP_SIZE"));
    }
  }

  @Test
  void emptyAndTooManyCropsAreRefused() {
    assertThatThrownBy(() -> embed(List.of()))
        .satisfies(e -> assertThat(reason(e)).isEqualTo("INVALID_FIELD"));
    List<Crop> many = IntStream.range(0, 257).mapToObj(i -> crop(0)).toList();
    assertThatThrownBy(() -> embed(many))
        .satisfies(e -> assertThat(reason(e)).isEqualTo("INVALID_FIELD"));
  }

  @Test
  void unknownModelIsNotFoundAndTheOthersAreNamed() {
    EmbedRequest request = EmbedRequest.newBuilder().addCrops(crop(0)).setModel("arcface").build();
    assertThatThrownBy(() -> stub.embed(request))
        .satisfies(e -> assertThat(reason(e)).isEqualTo("MODEL_NOT_FOUND"))
        .hasMessageContaining("edgeface-xs@2024-10-04-int8, mobilefacenet@2025-10-30");
  }

  @Test
  void severalModelsAreServedAndDescribed() {
    var models = stub.getModels(GetModelsRequest.getDefaultInstance()).getModelsList();
    assertThat(models)
        .extracting(m -> m.getId().getName())
        .containsExactly("edgeface-xs", "mobilefacenet");
    assertThat(models).extracting(m -> m.getDimension()).containsExactly(512, 128);
    assertThat(models).extracting(m -> m.getPrecision()).containsOnly("fp32");
    assertThat(models.getFirst().getDefault()).isTrue();
    assertThat(models.getFirst().getCropSpec().getTemplate().getLeftEye().getX())
        .isEqualTo(38.2946f);
    EmbedRequest request =
        EmbedRequest.newBuilder().addCrops(crop(0)).setModel("mobilefacenet").build();
    EmbedResponse response = stub.embed(request);
    assertThat(response.getEmbeddings(0).getVector().getValuesCount()).isEqualTo(128);
    assertThat(response.getModel()).isEqualTo(models.getLast().getId());
  }

  @Test
  void streamAnswersByIdAndOneBadRequestDoesNotEndIt() throws Exception {
    Map<String, EmbedStreamResponse> answers = new ConcurrentHashMap<>();
    CountDownLatch done = new CountDownLatch(1);
    StreamObserver<EmbedStreamRequest> requests =
        EmbedderServiceGrpc.newStub(channel).embedStream(collect(answers, done));
    for (int i = 0; i < 100; i++) {
      EmbedRequest.Builder request = EmbedRequest.newBuilder();
      if (i != 50) {
        request.addCrops(crop(i));
      }
      requests.onNext(
          EmbedStreamRequest.newBuilder().setId("crop-" + i).setRequest(request).build());
    }
    requests.onCompleted();
    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(answers).hasSize(100);
    answers.forEach(
        (id, answer) -> assertThat(answer.hasError()).as(id).isEqualTo(id.equals("crop-50")));
  }

  @Test
  void cudaThatIsNotThereIsRefusedByName(@TempDir Path cache) {
    EmbedderSettings cuda = settings(cache, "onnx.provider=cuda");
    assertThatThrownBy(() -> Embedders.load(cuda, new SimpleMeterRegistry()))
        .isInstanceOf(ProviderUnavailableException.class)
        .hasMessageContaining("CUDA was asked for");
  }

  private static StreamObserver<EmbedStreamResponse> collect(
      Map<String, EmbedStreamResponse> answers, CountDownLatch done) {
    return new StreamObserver<>() {
      @Override
      public void onNext(EmbedStreamResponse answer) {
        answers.put(answer.getId(), answer);
      }

      @Override
      public void onError(Throwable thrown) {
        done.countDown();
      }

      @Override
      public void onCompleted() {
        done.countDown();
      }
    };
  }

  private EmbedResponse embed(List<Crop> crops) {
    return stub.embed(EmbedRequest.newBuilder().addAllCrops(crops).build());
  }

  private static Crop crop(int variant) {
    return Crop.newBuilder()
        .setWidth(112)
        .setHeight(112)
        .setRgb(ByteString.copyFrom(GoldenCrop.draw(variant, 112, 112)))
        .build();
  }

  private static float[] vector(EmbedResponse response, int index) {
    var values = response.getEmbeddings(index).getVector().getValuesList();
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }

  private static String reason(Throwable thrown) throws Exception {
    var status = StatusProto.fromThrowable((StatusRuntimeException) thrown);
    return Objects.requireNonNull(status).getDetails(0).unpack(ErrorInfo.class).getReason();
  }
}
