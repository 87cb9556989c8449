package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.graph.PlainRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DlibResnetTest {

  private static final int SIDE = 150;
  private static final List<Double> MEAN = List.of(122.782, 117.001, 104.298);

  @Test
  void embedsFacesAsTheReferenceDoes() throws Exception {
    List<Golden.Face> faces = Golden.faces("dlib_resnet.json");
    byte[] onnx = Architecture.DLIB_RESNET.build(Architecture.WHOLE, weights());

    float[] crops = Golden.middles(faces, SIDE, MEAN, 256);
    float[] embeddings =
        Objects.requireNonNull(PlainRun.onFloats(onnx, crops, 6, 3, SIDE, SIDE).get("embedding"));

    for (int i = 0; i < faces.size(); i++) {
      Golden.Face face = faces.get(i);
      float[] embedding = Golden.slice(embeddings, i, faces.size());
      assertThat(Golden.largestDifference(embedding, face.embedding()))
          .as(face.photo())
          .isLessThanOrEqualTo(1e-3);
    }
  }

  @Test
  void missingOrMisshapenTensorIsNamed() throws Exception {
    Weights lacking = Altered.without(weights(), "conv128_2/conv1/scale/biases");
    assertThatThrownBy(() -> Architecture.DLIB_RESNET.build(Architecture.WHOLE, lacking))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'conv128_2/conv1/scale/biases'");
    Weights misshapen = Altered.with(weights(), "fc", 128, 256);
    assertThatThrownBy(() -> Architecture.DLIB_RESNET.build(Architecture.WHOLE, misshapen))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'fc'")
        .hasMessageContaining("[128, 256], not [256, 128]");
  }

  private static Weights weights() throws Exception {
    Path files = NpmPackage.fetch("@vladmandic/face-api@1.7.15", "vladmandic-face-api-1.7.15.tgz");
    Path model = files.resolve("model");
    return Checkpoint.read(
        List.of(
            model.resolve("face_recognition_model-weights_manifest.json"),
            model.resolve("face_recognition_model.bin")));
  }
}
