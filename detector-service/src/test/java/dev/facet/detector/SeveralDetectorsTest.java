package dev.facet.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectResponse;
import dev.facet.proto.detector.v1.DetectedFace;
import dev.facet.proto.detector.v1.DetectorModel;
import dev.facet.proto.detector.v1.DetectorServiceGrpc.DetectorServiceBlockingStub;
import dev.facet.proto.detector.v1.GetModelsRequest;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.Image;
import dev.facet.proto.type.v1.MtcnnOptions;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** YuNet and MTCNN in one service, chosen by each request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralDetectorsTest {
  private RunningDetector detector;
  private DetectorServiceBlockingStub stub;

  @BeforeAll
  void serve(@TempDir Path cache) {
    detector = RunningDetector.start("models.serve=yunet,mtcnn", "models.cache=" + cache);
    stub = detector.stub();
  }

  @AfterAll
  void stop() {
    if (detector != null) {
      detector.close();
    }
  }

  @Test
  void bothAreListedWithTheDefaultFirst() {
    List<DetectorModel> models =
        stub.getModels(GetModelsRequest.getDefaultInstance()).getModelsList();
    assertThat(models)
        .extracting(model -> model.getId().getName())
        .containsExactly("yunet", "mtcnn");
    assertThat(models).extracting(DetectorModel::getDefault).containsExactly(true, false);
    assertThat(models).extracting(DetectorModel::getMinScore).containsExactly(0.6f, 0.7f);
    assertThat(models)
        .extracting(model -> model.getId().getWeightsSha256())
        .doesNotHaveDuplicates();
  }

  @Test
  void requestChoosesItsDetector() {
    DetectResponse byDefault = detect("multiface.jpg", DetectionOptions.newBuilder());
    DetectResponse byMtcnn =
        detect(
            "multiface.jpg",
            mtcnn().setMtcnn(MtcnnOptions.newBuilder().setRefinementMinScore(0.8f)));
    assertThat(byDefault.getDetector().getName()).isEqualTo("yunet");
    assertThat(byMtcnn.getDetector().getName()).isEqualTo("mtcnn");
    assertThat(byDefault.getFacesList()).hasSize(6);
    assertThat(byMtcnn.getFacesList()).hasSize(6);
    assertThat(byMtcnn.getTimings().getDetectBatchSize()).isGreaterThan(1);
    assertThat(byMtcnn.getTimings().getDetectMicros()).isPositive();
  }

  @Test
  void anglesAreForMtcnnOnly() {
    DetectionOptions.Builder turned = DetectionOptions.newBuilder().addAngles(45);
    assertThatThrownBy(() -> detect("faces_at_angles.jpg", turned))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("options.angles");
    assertThat(detect("faces_at_angles.jpg", turned.setDetector("mtcnn")).getFacesList())
        .extracting(DetectedFace::getAngle)
        .containsExactlyInAnyOrder(0f, 45f);
    assertThatThrownBy(() -> detect("faces_at_angles.jpg", mtcnn().addAngles(500)))
        .hasMessageContaining("options.angles[0]");
  }

  private DetectResponse detect(String photo, DetectionOptions.Builder options) {
    return stub.detect(
        DetectRequest.newBuilder()
            .setImage(Image.newBuilder().setData(ByteString.copyFrom(Shared.photo(photo))))
            .setOptions(options)
            .build());
  }

  private static DetectionOptions.Builder mtcnn() {
    return DetectionOptions.newBuilder().setDetector("mtcnn");
  }
}
