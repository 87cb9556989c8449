package dev.facet.embedder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.facet.bootstrap.Refusal;
import dev.facet.bootstrap.ServiceHost;
import dev.facet.bootstrap.Settings;
import dev.facet.inference.serving.Lease;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc.EmbedderServiceBlockingStub;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.LoadModelRequest;
import dev.facet.proto.embedder.v1.UnloadModelRequest;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.ModelState;
import dev.facet.serving.ModelsInService;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Versions that come and go while the embedder serves, over loopback with real weights. Each test
 * has a model name of its own; the catalogue file is rewritten between loads, as an operator would.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HotLoadTest {
  private static final Map<String, Integer> DIMENSIONS = Map.of("1", 512, "2", 128);
  private static final int CLIENTS = 4;

  private Path mirror;
  private UserCatalogue catalogue;
  private ServiceHost host;
  private ModelsInService<Embedder> embedders;
  private ManagedChannel channel;
  private EmbedderServiceBlockingStub stub;

  @BeforeAll
  void serve(@TempDir Path folder) throws Exception {
    mirror = Files.createDirectory(folder.resolve("mirror"));
    for (String file : List.of("edgeface_xs_q.pt", "mobilefacenet_foamliu.onnx")) {
      Files.createSymbolicLink(mirror.resolve(file), Shared.weights().resolve(file));
    }
    catalogue = new UserCatalogue(folder.resolve("catalogue.yaml"));
    catalogue.offer("mobilefacenet", "steady", "1");
    EmbedderSettings settings = settings(folder);
    host = ServiceHost.open("embedder", settings.server());
    embedders = Embedders.load(settings, host.meters());
    host.serve(EmbedderErrors.TABLE, new EmbedderService(embedders, EmbedderErrors.TABLE));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", host.grpcPort()).usePlaintext().build();
    stub = EmbedderServiceGrpc.newBlockingStub(channel);
  }

  private EmbedderSettings settings(Path folder, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "grpc.port=0",
                "admin.port=0",
                "drain.delay=0s",
                "batch.max=2",
                "models.serve=steady",
                "models.catalogue=" + catalogue.file(),
                "models.cache=" + folder.resolve("cache"),
                "models.mirror=" + mirror));
    args.addAll(List.of(more));
    return Settings.load(EmbedderSettings.class, args.toArray(String[]::new));
  }

  @AfterAll
  void stop() {
    if (channel != null) {
      channel.shutdownNow();
      embedders.close();
      host.close();
    }
  }

  /** M12. */
  @Test
  void versionIsSwappedUnderLoadWithoutAFailedCall() throws Exception {
    catalogue.offer("edgeface-xs", "swap", "1");
    load("swap", false);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch calling = new CountDownLatch(CLIENTS);
      List<Future<List<String>>> seen = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        seen.add(clients.submit(() -> versionsUntil("swap", "2", calling)));
      }
      calling.await();
      catalogue.offer("mobilefacenet", "swap", "2");
      EmbedderModel loaded = load("swap", false);
      assertThat(loaded.getId().getVersion()).isEqualTo("2");
      assertThat(loaded.getCurrent()).isTrue();
      for (Future<List<String>> versions : seen) {
        assertThat(versions.get()).startsWith("1").endsWith("2").isSorted();
      }
    }
    while (models("swap").size() > 1) {
      Thread.onSpinWait();
    }
    assertThat(models("swap")).extracting(model -> model.getId().getVersion()).containsExactly("2");
    assertThat(models("swap").getFirst().getCalls()).isZero();
    assertThat(host.meters().find("facet.batch.queued").tags("model", "swap").meters())
        .as("queues shown, of two priorities")
        .hasSize(2)
        .allMatch(gauge -> "2".equals(gauge.getId().getTag("version")));
    assertThat(stub.unloadModel(UnloadModelRequest.newBuilder().setName("swap").build()).getModel())
        .satisfies(closed -> assertThat(closed.getVersion()).isEqualTo("2"));
    assertThat(models("swap")).isEmpty();
  }

  /** Embeds until the version is met; every answer is checked against the version it names. */
  private List<String> versionsUntil(String model, String last, CountDownLatch calling) {
    List<String> versions = new ArrayList<>();
    do {
      EmbedResponse response = embed(model);
      String version = response.getModel().getVersion();
      assertThat(response.getEmbeddings(0).getVector().getValuesCount())
          .isEqualTo(DIMENSIONS.get(version));
      versions.add(version);
      calling.countDown();
    } while (!versions.getLast().equals(last));
    return versions;
  }

  @Test
  void keptVersionAnswersToItsVersionUntilItIsUnloaded() {
    catalogue.offer("edgeface-xs", "kept", "1");
    load("kept", false);
    catalogue.offer("mobilefacenet", "kept", "2");
    load("kept@2", true);
    assertThat(embed("kept").getModel().getVersion()).isEqualTo("2");
    assertThat(embed("kept@1").getModel().getVersion()).isEqualTo("1");
    assertThat(models("kept"))
        .allSatisfy(
            model -> {
              assertThat(model.getState()).isEqualTo(ModelState.MODEL_STATE_SERVING);
              assertThat(model.getCurrent()).isEqualTo(model.getId().getVersion().equals("2"));
              assertThat(model.getMemory().getFileBytes()).isGreaterThan(1 << 20);
              assertThat(model.getMemory().getGraphBytes()).isGreaterThan(1 << 20);
              assertThat(model.getMemory().getProcessBytesAfter()).isGreaterThan(1 << 20);
            });
    Embedder first;
    try (Lease<Embedder> lease = embedders.lease("kept@1")) {
      first = lease.model();
    }
    unload("kept@1");
    assertThatThrownBy(() -> first.embedNow(List.of(GoldenCrop.draw(0, 112, 112))))
        .as("its session")
        .hasMessage("the model is closed");
    assertThat(refusal(() -> embed("kept@1")).reason()).isEqualTo("MODEL_NOT_FOUND");
    assertThat(embed("kept").getModel().getVersion()).isEqualTo("2");
    unload("kept");
  }

  /** M13. */
  @Test
  void versionThatCannotServeLeavesTheOldOneServing() throws Exception {
    catalogue.offer("mobilefacenet", "bad", "1");
    load("bad", false);
    String file = "mobilefacenet_foamliu.onnx";
    String sha256 = models("bad").getFirst().getId().getWeightsSha256();
    String size = "bytes: " + Files.size(mirror.resolve(file));
    byte[] whole = Files.readAllBytes(mirror.resolve(file));

    byte[] corrupt = whole.clone();
    corrupt[corrupt.length / 2] ^= 1;
    Files.write(mirror.resolve("corrupt.onnx"), corrupt);
    offerBad(file, "corrupt.onnx", sha256, "0".repeat(64));
    assertBad("SHA-256 are not the catalogue's");

    Files.write(mirror.resolve("half.onnx"), List.of("half"));
    offerBad(file, "half.onnx", sha256, "1".repeat(64));
    assertBad("size or SHA-256 are not the catalogue's");

    offerBad(file, "absent.onnx", sha256, "2".repeat(64), "    - https:", "    - mirror: x\n#");
    assertBad("no source has its file");

    String nonsense = "not a model";
    Files.writeString(mirror.resolve("nonsense.onnx"), nonsense);
    offerBad(file, "nonsense.onnx", sha256, sha256(nonsense), size, "bytes: " + nonsense.length());
    assertBad("not a model that can be served");

    offerBad("dimension: 128", "dimension: 127");
    assertBad("not a model that can be served");

    assertThat(host.meters().counter("facet.model.load.failures", "model", "bad").count())
        .isEqualTo(5);
    unload("bad");
  }

  /** No golden vectors are of it, so that it is not compared with those of the other. */
  @Test
  void sameWeightsPreparedOtherwiseAreAModelOfTheirOwn() {
    catalogue.offer("mobilefacenet", "blue", "1", "order: rgb", "order: bgr");

    EmbedderModel loaded = load("blue", false);

    assertThat(loaded.getPrecision()).isEqualTo("fp32");
    assertThat(loaded.getId().getPreprocessingSha256())
        .isNotEqualTo(models("steady").getFirst().getId().getPreprocessingSha256());
    unload("blue");
  }

  private void offerBad(String... replacements) {
    catalogue.offer("mobilefacenet", "bad", "2", replacements);
  }

  private void assertBad(String words) {
    Told told = refusal(() -> load("bad", false));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("MODEL_LOAD_FAILED");
    assertThat(told.message()).startsWith("bad: ").contains(words).doesNotContain(mirror + "");
    assertThat(embed("bad").getModel().getVersion()).isEqualTo("1");
    assertThat(models("bad")).hasSize(1);
  }

  /** M14: refused by its form, while the catalogue could not even be read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a\0b",
        "/etc/passwd",
        "a/b",
        "A",
        "x@",
        "@1",
        "a@../1",
        "a@1@2",
        ".a",
        "é",
        " a"
      })
  void nameThatIsNoNameIsRefusedBeforeAnyFileIsTouched(String name) throws Exception {
    Files.writeString(catalogue.file(), "no catalogue");
    Told load = refusal(() -> load(name, false));
    assertThat(load.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(load.field()).isEqualTo("name");
    assertThat(refusal(() -> unload(name)).field()).isEqualTo("name");
    assertThat(refusal(() -> embed(name)).field()).isEqualTo("model");
    assertThat(refusal(() -> load("unread", false)).message())
        .isEqualTo("unread: the catalogue cannot be read");
  }

  @Test
  void whatTheCatalogueDoesNotHaveIsNotFound() {
    catalogue.offer("mobilefacenet", "steady", "1");
    for (String name : List.of("arcface", "steady@7", "yunet")) {
      assertThat(refusal(() -> load(name, false)).reason()).isEqualTo("MODEL_NOT_FOUND");
      assertThat(refusal(() -> unload(name)).reason()).isEqualTo("MODEL_NOT_FOUND");
    }
  }

  @Test
  void onlyVersionOfTheDefaultModelCannotBeUnloaded() {
    Told told = refusal(() -> unload("steady"));
    assertThat(told.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(told.reason()).isEqualTo("MODEL_IN_USE");
    assertThat(embed("").getModel().getName()).isEqualTo("steady");
  }

  @Test
  void changedPreprocessingNeedsANewVersion() {
    catalogue.offer("mobilefacenet", "steady", "1", "order: rgb", "order: bgr");
    assertThat(refusal(() -> load("steady", false)).message())
        .contains("a changed model needs a new version");
    catalogue.offer("mobilefacenet", "steady", "1");
    assertThatCode(() -> load("steady", false)).doesNotThrowAnyException();
  }

  @Test
  void settingShutsTheDoor(@TempDir Path folder) {
    catalogue.offer("mobilefacenet", "steady", "1");
    try (ModelsInService<Embedder> shut =
        Embedders.load(settings(folder, "models.hot-load=never"), new SimpleMeterRegistry())) {
      assertThatThrownBy(shut::requireHotLoad)
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.reason()).isEqualTo("PERMISSION_DENIED"));
    }
    embedders.requireHotLoad();
  }

  @Test
  void loadedVersionsAreCounted() {
    Gauge serving = host.meters().get("facet.models.loaded").tag("state", "serving").gauge();
    assertThat(serving.value()).isGreaterThanOrEqualTo(1);
  }

  private EmbedderModel load(String name, boolean keepPrevious) {
    return stub.loadModel(
            LoadModelRequest.newBuilder().setName(name).setKeepPrevious(keepPrevious).build())
        .getModel();
  }

  private void unload(String name) {
    assertThat(
            stub.unloadModel(UnloadModelRequest.newBuilder().setName(name).build())
                .getModel()
                .getName())
        .isNotEmpty();
  }

  private List<EmbedderModel> models(String name) {
    return stub.getModels(GetModelsRequest.getDefaultInstance()).getModelsList().stream()
        .filter(model -> model.getId().getName().equals(name))
        .toList();
  }

  private EmbedResponse embed(String model) {
    Crop crop =
        Crop.newBuilder()
            .setWidth(112)
            .setHeight(112)
            .setRgb(ByteString.copyFrom(GoldenCrop.draw(0, 112, 112)))
            .build();
    return stub.embed(EmbedRequest.newBuilder().addCrops(crop).setModel(model).build());
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  /** What a refused call was told; the field is the first violation's, or empty. */
  private record Told(Status.Code code, String reason, String message, String field) {}

  private static Told refusal(Runnable call) {
    StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, call::run);
    var status = Objects.requireNonNull(StatusProto.fromThrowable(e));
    String reason = "";
    String field = "";
    try {
      for (var detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          reason = detail.unpack(ErrorInfo.class).getReason();
        } else if (detail.is(BadRequest.class)) {
          field = detail.unpack(BadRequest.class).getFieldViolations(0).getField();
        }
      }
    } catch (InvalidProtocolBufferException broken) {
      throw new IllegalStateException(broken);
    }
    return new Told(e.getStatus().getCode(), reason, status.getMessage(), field);
  }
}
