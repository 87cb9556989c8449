package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.graph.PlainRun;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InceptionResnetV1Test {

  private static final int SIDE = 160;
  private static final Weights TORCH = FacenetLayers.torch();
  private static final List<Double> MEAN = List.of(127.5, 127.5, 127.5);

  @Test
  void embedsFacesAsFacenetPytorchDoes() throws Exception {
    List<Golden.Face> faces = Golden.faces("inception_resnet_v1.json");
    byte[] onnx = build(TORCH);

    float[] crops = Golden.middles(faces, SIDE, MEAN, 128);
    float[] embeddings =
        Objects.requireNonNull(PlainRun.onFloats(onnx, crops, 6, 3, SIDE, SIDE).get("embedding"));

    for (int i = 0; i < faces.size(); i++) {
      Golden.Face face = faces.get(i);
      float[] embedding = Golden.slice(embeddings, i, faces.size());
      assertThat(Golden.cosine(embedding, face.embedding()))
          .as(face.photo())
          .isGreaterThanOrEqualTo(0.99999);
    }
  }

  @Test
  void weightsFollowTheRuleOfTheReference() throws Exception {
    for (Map.Entry<String, JsonNode> sample :
        Golden.json("inception_resnet_v1.json").get("samples").properties()) {
      float[] values = TORCH.tensor(sample.getKey()).values();
      float[] expected = Golden.floats(sample.getValue());
      assertThat(Arrays.copyOf(values, expected.length))
          .containsExactly(expected, Offset.offset(1e-9f));
    }
  }

  @Test
  void weightsOnRequestAreThoseOfTheTable() {
    assertThat(build(FormulaWeights.onRequest())).isEqualTo(build(TORCH));
  }

  @Test
  void kerasNamesAndOrderGiveTheSameGraph() {
    // Keras's batch norms have no scale: theirs is one.
    Weights torch = FacenetLayers.withUnitScales(TORCH);

    assertThat(build(FacenetLayers.keras(torch))).isEqualTo(build(torch));
  }

  @Test
  void missingOrMisshapenTensorIsNamed() {
    refused(Altered.without(TORCH, "repeat_2.9.branch1.2.bn.running_var"))
        .hasMessageContaining("'repeat_2.9.branch1.2.bn.running_var'");
    refused(Altered.with(TORCH, "last_linear.weight", 128, 1792))
        .hasMessageContaining("'last_linear.weight'")
        .hasMessageContaining("[128, 1792]");
    Weights keras = FacenetLayers.keras(TORCH);
    refused(Altered.without(keras, "Block17_10_Branch_1_Conv2d_0c_7x1/kernel:0"))
        .hasMessageContaining("'Block17_10_Branch_1_Conv2d_0c_7x1/kernel'");
    refused(Altered.with(keras, "Bottleneck/kernel:0", 1792, 128))
        .hasMessageContaining("'Bottleneck/kernel:0'");
  }

  private static AbstractThrowableAssert<?, ?> refused(Weights weights) {
    return assertThatThrownBy(() -> build(weights)).isInstanceOf(CheckpointException.class);
  }

  private static byte[] build(Weights weights) {
    return Architecture.INCEPTION_RESNET_V1.build(Architecture.WHOLE, weights);
  }
}
