package dev.facet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.embedder.v1.GetModelsRequest;
import dev.facet.proto.embedder.v1.GetModelsResponse;
import dev.facet.proto.embedder.v1.LoadModelRequest;
import dev.facet.proto.embedder.v1.LoadModelResponse;
import dev.facet.proto.embedder.v1.UnloadModelRequest;
import dev.facet.proto.embedder.v1.UnloadModelResponse;
import dev.facet.proto.type.v1.ModelId;
import dev.facet.proto.type.v1.ModelMemory;
import dev.facet.proto.type.v1.ModelState;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands that change what a running service serves, against services that only nod. */
class ModelServerTest {

  private final List<LoadModelRequest> loads = new ArrayList<>();
  private Server server = NettyServerBuilder.forPort(0).build();

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private String serve(BindableService service) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(service)
            .build()
            .start();
    return "127.0.0.1:" + server.getPort();
  }

  @Test
  void servedVersionsAreShownWithStateAndMemory() throws IOException {
    String address = serve(new Embedder());
    Facet text = Facet.run("models", "served", "--at", address);
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .containsPattern(
            "embedder +edgeface-xs@2 +serving +default +3 calls +weights 9.1 MB, graphs 9.2 MB,"
                + " load took 30.0 MB")
        .contains("the process holds 400.0 MB");
    var json = Facet.run("models", "served", "--at", address, "--json").json();
    assertThat(json.get("process_bytes").getAsLong()).isEqualTo(400_000_000);
    assertThat(json.getAsJsonArray("models").get(0).getAsJsonObject().get("state").getAsString())
        .isEqualTo("serving");
  }

  @Test
  void whetherItIsADetectorIsAskedOfTheService() throws IOException {
    Facet run = Facet.run("models", "served", "--at", serve(new Detector()));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("detector +yunet@1");
  }

  @Test
  void loadPassesItsOptionsOn() throws IOException {
    Facet run =
        Facet.run(
            "models", "load", "edgeface-xs@2", "--keep-previous", "--at", serve(new Embedder()));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("edgeface-xs@2");
    assertThat(loads)
        .containsExactly(
            LoadModelRequest.newBuilder().setName("edgeface-xs@2").setKeepPrevious(true).build());
  }

  @Test
  void unloadSaysWhatWasClosed() throws IOException {
    Facet run = Facet.run("models", "unload", "edgeface-xs", "--at", serve(new Embedder()));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("closed edgeface-xs@1");
  }

  @Test
  void refusalIsTold() throws IOException {
    Facet run = Facet.run("models", "unload", "arcface", "--at", serve(new Embedder()));
    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("arcface is not served here");
  }

  @Test
  void serviceThatIsNeitherIsMisuse() throws IOException {
    HealthStatusManager health = new HealthStatusManager();
    Facet run =
        Facet.run("models", "served", "--at", serve(() -> health.getHealthService().bindService()));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("neither a detector nor an embedder");
  }

  private static EmbedderModel model() {
    return EmbedderModel.newBuilder()
        .setId(ModelId.newBuilder().setName("edgeface-xs").setVersion("2"))
        .setState(ModelState.MODEL_STATE_SERVING)
        .setCurrent(true)
        .setDefault(true)
        .setCalls(3)
        .setMemory(
            ModelMemory.newBuilder()
                .setFileBytes(9_100_000)
                .setGraphBytes(9_200_000)
                .setProcessBytesBefore(100_000_000)
                .setProcessBytesAfter(130_000_000))
        .build();
  }

  private final class Embedder extends EmbedderServiceGrpc.EmbedderServiceImplBase {
    @Override
    public void getModels(GetModelsRequest request, StreamObserver<GetModelsResponse> observer) {
      observer.onNext(
          GetModelsResponse.newBuilder().addModels(model()).setProcessBytes(400_000_000).build());
      observer.onCompleted();
    }

    @Override
    public void loadModel(LoadModelRequest request, StreamObserver<LoadModelResponse> observer) {
      loads.add(request);
      observer.onNext(LoadModelResponse.newBuilder().setModel(model()).build());
      observer.onCompleted();
    }

    @Override
    public void unloadModel(
        UnloadModelRequest request, StreamObserver<UnloadModelResponse> observer) {
      if (!request.getName().equals("edgeface-xs")) {
        observer.onError(
            Status.NOT_FOUND
                .withDescription(request.getName() + " is not served here")
                .asRuntimeException());
        return;
      }
      observer.onNext(
          UnloadModelResponse.newBuilder()
              .setModel(ModelId.newBuilder().setName(request.getName()).setVersion("1"))
              .build());
      observer.onCompleted();
    }
  }

  private static final class Detector extends DetectorServiceGrpc.DetectorServiceImplBase {
    @Override
    public void getModels(
        dev.facet.proto.detector.v1.GetModelsRequest request,
        StreamObserver<dev.facet.proto.detector.v1.GetModelsResponse> observer) {
      observer.onNext(
          dev.facet.proto.detector.v1.GetModelsResponse.newBuilder()
              .addModels(
                  DetectorModel.newBuilder()
                      .setId(ModelId.newBuilder().setName("yunet").setVersion("1")))
              .build());
      observer.onCompleted();
    }
  }
}
