package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.facet.models.Shared;
import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.checkpoint.CheckpointException;
import dev.facet.models.checkpoint.Weights;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.PlainRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EdgeFaceTest {

  private static final int SIDE = 112;
  private static final List<Double> MEAN = List.of(127.5, 127.5, 127.5);

  /** Depths, widths and groups of EdgeNeXt-S. */
  private static final int[] DEPTHS = {3, 3, 9, 3};

  private static final int[] WIDTHS = {48, 96, 160, 304};
  private static final int[] GROUPS = {2, 2, 3, 4};
  private static final int HEADS = 8;

  @Test
  void quantisedCheckpointGivesWhatItsExportGives() throws Exception {
    Path models = Shared.models();
    Weights weights = Checkpoint.read(models.resolve("edgeface_xs_q.pt"));
    byte[] built = Architecture.EDGEFACE_XS.build(Architecture.WHOLE, weights);
    byte[] export = Files.readAllBytes(models.resolve("edgeface_xs_q_fp32.onnx"));
    List<Golden.Face> faces = Golden.faces("dlib_resnet.json");
    float[] crops = Golden.middles(faces, SIDE, MEAN, 127.5);

    assertThat(Golden.largestDifference(embeddings(built, crops), embeddings(export, crops)))
        .isLessThanOrEqualTo(1e-4);
  }

  @Test
  void lowRankNetworkGivesWhatPytorchGives() throws Exception {
    byte[] built = Architecture.EDGEFACE_S_GAMMA_05.build(Architecture.WHOLE, lowRank());
    float[] input = new float[3 * SIDE * SIDE];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) Math.sin(0.37 * i);
    }

    float[] embedding = embeddings(built, input);

    JsonNode golden = Golden.networks().get("edgeface-s-gamma-05");
    assertThat(embedding).hasSize(512);
    float[] expected = Golden.floats(golden.get("embedding"));
    float[] samples = Golden.sampled(embedding, golden.get("step").asInt());
    assertThat(Golden.largestDifference(samples, expected)).isLessThanOrEqualTo(1e-3);
    assertThat(Golden.cosine(samples, expected)).isGreaterThan(0.999999);
  }

  @Test
  void builtGraphTakesItsServedForm() throws Exception {
    byte[] built = Architecture.EDGEFACE_S_GAMMA_05.build(Architecture.WHOLE, lowRank());
    PixelScale scale = new PixelScale(MEAN, MEAN);
    byte[] served =
        GraphRewriter.of(built).imageInput(ColourOrder.RGB, scale).unitEmbedding(512).toByteArray();
    byte[] pixels = new byte[SIDE * SIDE * 3];
    new Random(5).nextBytes(pixels);
    float[] numbers = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int plane = i % 3 * SIDE * SIDE;
      numbers[plane + i / 3] = (float) ((Byte.toUnsignedInt(pixels[i]) - 127.5) / 127.5);
    }

    float[] embedding =
        Objects.requireNonNull(
            PlainRun.onPixels(served, pixels, 1, SIDE, SIDE, 3).get(GraphRewriter.EMBEDDING));

    assertThat(Golden.cosine(embedding, embeddings(built, numbers))).isGreaterThan(0.999999);
  }

  @Test
  void anotherSizeOfTheNetworkIsRefused() {
    assertThatThrownBy(() -> Architecture.EDGEFACE_XS.build(Architecture.WHOLE, lowRank()))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'model.stem.0.weight'")
        .hasMessageContaining("[48, 3, 4, 4], not [32, 3, 4, 4]");
  }

  @Test
  void missingOrMisshapenTensorIsNamed() {
    Weights weights = lowRank();
    for (String name :
        List.of(
            "model.stages.2.blocks.5.gamma",
            "model.stages.2.blocks.5.conv_dw.weight",
            "model.stages.3.blocks.2.convs.1.weight",
            "model.stages.1.blocks.2.xca.temperature",
            "model.stages.1.blocks.2.xca.qkv.linear2.weight",
            "model.head.fc.weight")) {
      refused(Altered.without(weights, name), name);
    }
    String projection = "model.stages.1.blocks.2.pos_embd.token_projection.weight";
    refused(Altered.with(weights, projection, 96, 63, 1, 1), projection);
    String temperature = "model.stages.3.blocks.2.xca.temperature";
    refused(Altered.with(weights, temperature, 7, 1, 1), temperature);
    String kernel = "model.stages.0.blocks.0.conv_dw.weight";
    refused(Altered.with(weights, kernel, 48, 1, 4, 4), kernel);
    refused(Altered.with(weights, "model.stages.1.downsample.1.weight"), "downsample.1");
  }

  private static void refused(Weights weights, String name) {
    assertThatThrownBy(() -> Architecture.EDGEFACE_S_GAMMA_05.build(Architecture.WHOLE, weights))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(name);
  }

  private static float[] embeddings(byte[] onnx, float[] crops) throws Exception {
    int count = crops.length / (3 * SIDE * SIDE);
    return Objects.requireNonNull(
        PlainRun.onFloats(onnx, crops, count, 3, SIDE, SIDE).get("embedding"));
  }

  private static Weights lowRank() {
    FormulaWeights weights = new FormulaWeights();
    weights.layer("model.stem.0", WIDTHS[0], 3, 4, 4).layer("model.stem.1", WIDTHS[0]);
    for (int stage = 0; stage < DEPTHS.length; stage++) {
      String name = "model.stages." + stage;
      int width = WIDTHS[stage];
      if (stage > 0) {
        int before = WIDTHS[stage - 1];
        weights.layer(name + ".downsample.0", before);
        weights.layer(name + ".downsample.1", width, before, 2, 2);
      }
      for (int block = 0; block < DEPTHS[stage]; block++) {
        String here = name + ".blocks." + block;
        if (stage > 0 && block == DEPTHS[stage] - 1) {
          attention(weights, here, width, GROUPS[stage], stage == 1);
        } else {
          int kernel = 3 + 2 * stage;
          weights.layer(here + ".conv_dw", width, 1, kernel, kernel);
        }
        weights.tensor(here + ".gamma", width).layer(here + ".norm", width);
        linear(weights, here + ".mlp.fc1", 4 * width, width);
        linear(weights, here + ".mlp.fc2", width, 4 * width);
      }
    }
    int last = WIDTHS[WIDTHS.length - 1];
    return weights.layer("model.head.norm", last).layer("model.head.fc", 512, last).weights();
  }

  private static void attention(
      FormulaWeights weights, String name, int width, int groups, boolean positions) {
    int group = Math.ceilDiv(width, groups);
    for (int i = 0; i < groups - 1; i++) {
      weights.layer(name + ".convs." + i, group, 1, 3, 3);
    }
    if (positions) {
      weights.layer(name + ".pos_embd.token_projection", width, 64, 1, 1);
    }
    weights.tensor(name + ".gamma_xca", width).layer(name + ".norm_xca", width);
    weights.tensor(name + ".xca.temperature", HEADS, 1, 1);
    linear(weights, name + ".xca.qkv", 3 * width, width);
    linear(weights, name + ".xca.proj", width, width);
  }

  private static void linear(FormulaWeights weights, String name, int outputs, int inputs) {
    int rank = Math.min(outputs, inputs) / 2;
    weights.tensor(name + ".linear1.weight", rank, inputs);
    weights.layer(name + ".linear2", outputs, rank);
  }
}
