package dev.facet.detector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.facet.models.Catalogue;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.detector.v1.LoadModelRequest;
import dev.facet.proto.detector.v1.UnloadModelRequest;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.ModelState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

/** Versions of a detector that come and go while it serves, over loopback with real weights. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HotLoadTest {
  private static final int CLIENTS = 3;

  private Path catalogue;
  private ByteString photo;
  private RunningDetector detector;
  private DetectorServiceBlockingStub stub;

  @BeforeAll
  void serve(@TempDir Path folder) throws Exception {
    photo = ByteString.copyFrom(Shared.photo("dara_1.jpg"));
    catalogue = folder.resolve("catalogue.yaml");
    offer("1");
    detector =
        RunningDetector.start(
            "batch.max=2",
            "detect.max-side=256",
            "detect.canvases=256x256",
            "models.serve=yunet,swap",
            "models.catalogue=" + catalogue,
            "models.cache=" + folder.resolve("cache"));
    stub = detector.stub();
  }

  @AfterAll
  void stop() {
    if (detector != null) {
      detector.close();
    }
  }

  /** The bundled YuNet, the first entry, as another model's version. */
  private void offer(String version) throws Exception {
    try (InputStream yaml =
        Objects.requireNonNull(Catalogue.class.getResourceAsStream("catalogue.yaml"))) {
      String text = new String(yaml.readAllBytes(), UTF_8);
      int start = text.indexOf("  - name: yunet");
      String entry = text.substring(start, text.indexOf("  - name: ", start + 1));
      Files.writeString(
          catalogue,
          "models:\n"
              + entry
                  .replace("name: yunet", "name: swap")
                  .replaceFirst("version: .*", "version: \"" + version + "\""));
    }
  }

  /** M12 and M13. */
  @Test
  void versionIsSwappedUnderLoadWithoutAFailedCall() throws Exception {
    offer("broken");
    Files.writeString(
        catalogue, Files.readString(catalogue).replaceFirst("sha256: .{8}", "sha256: 00000000"));
    StatusRuntimeException bad = refused(() -> load("swap"));
    assertThat(bad.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(reason(bad)).isEqualTo("MODEL_LOAD_FAILED");
    assertThat(detect("swap").getDetector().getVersion()).isEqualTo("1");

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch calling = new CountDownLatch(CLIENTS);
      List<Future<List<String>>> seen = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        seen.add(clients.submit(() -> versionsUntil("2", calling)));
      }
      calling.await();
      offer("2");
      assertThat(load("swap").getId().getVersion()).isEqualTo("2");
      for (Future<List<String>> versions : seen) {
        assertThat(versions.get()).startsWith("1").endsWith("2").isSorted();
      }
    }
    assertThat(models())
        .filteredOn(model -> model.getState() == ModelState.MODEL_STATE_SERVING)
        .extracting(model -> model.getId().getName() + model.getId().getVersion())
        .containsExactly("yunet2023-01-10", "swap2");
  }

  private List<String> versionsUntil(String last, CountDownLatch calling) {
    List<String> versions = new ArrayList<>();
    do {
      DetectResponse response = detect("swap");
      assertThat(response.getFacesCount()).isEqualTo(1);
      versions.add(response.getDetector().getVersion());
      calling.countDown();
    } while (!versions.getLast().equals(last));
    return versions;
  }

  /** M14. */
  @ParameterizedTest
  @ValueSource(strings = {"../x", "a\0b", "/etc/passwd", "YuNet", "yunet@", "yunet@../1"})
  void nameThatIsNoNameIsRefused(String name) throws Exception {
    for (StatusRuntimeException refused :
        List.of(
            refused(() -> load(name)), refused(() -> unload(name)), refused(() -> detect(name)))) {
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(reason(refused)).isEqualTo("INVALID_FIELD");
    }
  }

  @Test
  void defaultDetectorStays() throws Exception {
    assertThat(reason(refused(() -> unload("yunet")))).isEqualTo("MODEL_IN_USE");
    assertThat(models().getFirst().getDefault()).isTrue();
    assertThat(models().getFirst().getMemory().getFileBytes()).isEqualTo(322_906);
  }

  private DetectorModel load(String name) {
    return stub.loadModel(LoadModelRequest.newBuilder().setName(name).build()).getModel();
  }

  private void unload(String name) {
    assertThat(stub.unloadModel(UnloadModelRequest.newBuilder().setName(name).build()).hasModel())
        .isTrue();
  }

  private List<DetectorModel> models() {
    return stub.getModels(GetModelsRequest.getDefaultInstance()).getModelsList();
  }

  private DetectResponse detect(String detector) {
    return stub.detect(
        DetectRequest.newBuilder()
            .setImage(Image.newBuilder().setData(photo))
            .setOptions(DetectionOptions.newBuilder().setDetector(detector))
            .build());
  }

  private static StatusRuntimeException refused(Runnable call) {
    return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call::run));
  }

  private static String reason(StatusRuntimeException thrown) throws Exception {
    var status = Objects.requireNonNull(StatusProto.fromThrowable(thrown));
    return status.getDetails(0).unpack(ErrorInfo.class).getReason();
  }
}
