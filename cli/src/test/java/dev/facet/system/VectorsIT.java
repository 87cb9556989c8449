package dev.facet.system;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import dev.facet.proto.detector.v1.CropRequest;
import dev.facet.proto.detector.v1.DetectRequest;
import dev.facet.proto.detector.v1.DetectorServiceGrpc;
import dev.facet.proto.embedder.v1.EmbedRequest;
import dev.facet.proto.embedder.v1.EmbedResponse;
import dev.facet.proto.embedder.v1.EmbedderModel;
import dev.facet.proto.embedder.v1.EmbedderServiceGrpc;
import dev.facet.proto.type.v1.Crop;
import dev.facet.proto.type.v1.DetectionOptions;
import dev.facet.proto.type.v1.FaceChoice;
import dev.facet.proto.type.v1.Image;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vector is the model's own: what the services answer is what an export of the published weights
 * gives that was made with PyTorch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorsIT {
  private static final int PHOTOS = 6;
  private static final int OTHER_CALLERS = 16;

  private Road road;
  private EmbedderModel model;
  private List<Path> photos = List.of();
  private final List<Crop> crops = new ArrayList<>();

  @BeforeAll
  void cropSixPhotos(@TempDir Path folder) throws Exception {
    road = Road.open(folder);
    model =
        EmbedderServiceGrpc.newBlockingStub(road.embedder().channel())
            .getModels(dev.facet.proto.embedder.v1.GetModelsRequest.getDefaultInstance())
            .getModels(0);
    photos = Photos.onePerPerson(PHOTOS);
    for (Path photo : photos) {
      crops.add(crop(photo));
    }
  }

  @AfterAll
  void stop() {
    if (road != null) {
      road.close();
    }
  }

  @Test
  void aCropAloneHasTheVectorOfTheOriginalFile() throws Exception {
    for (Crop crop : crops) {
      assertThat(cosine(embed(crop), original(crop))).isGreaterThanOrEqualTo(0.9999);
    }
  }

  @Test
  void aCropInABatchOfOtherCallersHasTheSameVector() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<float[]>> calls = new ArrayList<>();
      for (int i = 0; i < OTHER_CALLERS * crops.size(); i++) {
        Crop crop = crops.get(i % crops.size());
        calls.add(() -> embed(crop));
      }
      List<Future<float[]>> vectors = callers.invokeAll(calls);
      for (int i = 0; i < vectors.size(); i++) {
        assertThat(cosine(vectors.get(i).get(), original(crops.get(i % crops.size()))))
            .isGreaterThanOrEqualTo(0.9999);
      }
    }
  }

  @Test
  void aPictureThatIsAFaceIsCroppedWithoutDetection() throws Exception {
    Crop whole =
        DetectorServiceGrpc.newBlockingStub(road.detector().channel())
            .crop(
                CropRequest.newBuilder()
                    .setImage(image(photos.getFirst()))
                    .setWholePicture(true)
                    .addCropSpecs(model.getCropSpec())
                    .build())
            .getCrops(0);
    assertThat(whole.getWidth()).isEqualTo(model.getCropSpec().getWidth());
    assertThat(whole.getRgb().size()).isEqualTo(whole.getWidth() * whole.getHeight() * 3);
  }

  private Crop crop(Path photo) throws IOException {
    return DetectorServiceGrpc.newBlockingStub(road.detector().channel())
        .detect(
            DetectRequest.newBuilder()
                .setImage(image(photo))
                .setOptions(
                    DetectionOptions.newBuilder().setChoice(FaceChoice.FACE_CHOICE_MOST_CENTRAL))
                .addCropSpecs(model.getCropSpec())
                .build())
        .getFaces(0)
        .getCrops(0);
  }

  private static Image image(Path photo) throws IOException {
    return Image.newBuilder().setData(ByteString.copyFrom(Files.readAllBytes(photo))).build();
  }

  private float[] embed(Crop crop) {
    EmbedResponse response =
        EmbedderServiceGrpc.newBlockingStub(road.embedder().channel())
            .embed(EmbedRequest.newBuilder().addCrops(crop).build());
    List<Float> values = response.getEmbeddings(0).getVector().getValuesList();
    float[] vector = new float[values.size()];
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
      squares += (double) vector[i] * vector[i];
    }
    assertThat(Math.abs(squares - 1)).isLessThan(1e-5);
    return vector;
  }

  /** PyTorch's export, run plainly: float NCHW, (pixel - 127.5) / 127.5, not normalised. */
  private static float[] original(Crop crop) throws Exception {
    int plane = crop.getWidth() * crop.getHeight();
    float[] input = new float[3 * plane];
    for (int i = 0; i < plane; i++) {
      for (int channel = 0; channel < 3; channel++) {
        int value = crop.getRgb().byteAt(3 * i + channel) & 0xff;
        input[channel * plane + i] = (value - 127.5f) / 127.5f;
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Path file = Repository.SHARED.resolve("models/edgeface_xs_q_fp32.onnx");
    long[] shape = {1, 3, crop.getHeight(), crop.getWidth()};
    try (OrtSession session = environment.createSession(file.toString());
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), shape);
        OrtSession.Result result = session.run(Map.of("input", tensor))) {
      return ((float[][]) result.get(0).getValue())[0];
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
