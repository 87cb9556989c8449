package dev.facet.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.models.Shared;
import dev.facet.models.checkpoint.Checkpoint;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.PlainRun;
import dev.facet.models.graph.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks that are built here, in float16 against themselves in float32, on photos. */
class HalfNetworksTest {

  private static final double LEAST_COSINE = 0.999;

  @Test
  void dlibsVectorsAreTheSameButForRounding() throws Exception {
    Path files = NpmPackage.fetch("@vladmandic/face-api@1.7.15", "vladmandic-face-api-1.7.15.tgz");
    Path model = files.resolve("model");
    byte[] onnx =
        Architecture.DLIB_RESNET.build(
            Architecture.WHOLE,
            Checkpoint.read(
                List.of(
                    model.resolve("face_recognition_model-weights_manifest.json"),
                    model.resolve("face_recognition_model.bin"))));

    same(onnx, 150, "dlib_resnet.json", List.of(122.782, 117.001, 104.298), 256);
  }

  @Test
  void inceptionsVectorsAreTheSameButForRounding() throws Exception {
    byte[] onnx = Architecture.INCEPTION_RESNET_V1.build(Architecture.WHOLE, FacenetLayers.torch());

    same(onnx, 160, "inception_resnet_v1.json", List.of(127.5, 127.5, 127.5), 128);
  }

  @Test
  void edgeFacesVectorsAreTheSameButForRounding() throws Exception {
    byte[] onnx =
        Architecture.EDGEFACE_XS.build(
            Architecture.WHOLE, Checkpoint.read(Shared.models().resolve("edgeface_xs_q.pt")));

    same(onnx, 112, "dlib_resnet.json", List.of(127.5, 127.5, 127.5), 127.5);
  }

  @ParameterizedTest
  @CsvSource({"pnet, 60", "rnet, 24", "onet, 48"})
  void mtcnnsOutputsAreTheSameButForRounding(String part, int side) throws Exception {
    byte[] onnx =
        Architecture.MTCNN.build(part, Checkpoint.read(Shared.models().resolve(part + ".pt")));
    List<Golden.Face> one = Golden.faces("dlib_resnet.json").subList(0, 1);
    float[] crop = Golden.middles(one, side, List.of(0.0, 0.0, 0.0), 1);
    float[] interleaved = new float[crop.length];
    for (int i = 0; i < crop.length; i++) {
      interleaved[i % (side * side) * 3 + i / (side * side)] = crop[i];
    }

    Map<String, float[]> full = PlainRun.onFloats(onnx, interleaved, 1, side, side, 3);
    Map<String, float[]> half =
        PlainRun.onFloats(GraphRewriter.moved(onnx, Precision.FP16), interleaved, 1, side, side, 3);

    assertThat(half).containsOnlyKeys(full.keySet());
    full.forEach(
        (output, expected) ->
            assertThat(Golden.largestDifference(Objects.requireNonNull(half.get(output)), expected))
                .as(output)
                .isBetween(1e-9, 0.01));
  }

  private static void same(
      byte[] onnx, int side, String golden, List<Double> mean, double deviation) throws Exception {
    byte[] moved = GraphRewriter.moved(onnx, Precision.FP16);
    assertThat((double) moved.length / onnx.length).isBetween(0.45, 0.6);
    List<Golden.Face> faces = Golden.faces(golden);
    float[] crops = Golden.middles(faces, side, mean, deviation);
    float[] full = embeddings(onnx, crops, faces.size(), side);
    float[] half = embeddings(moved, crops, faces.size(), side);
    int dimension = full.length / faces.size();
    for (int i = 0; i < faces.size(); i++) {
      float[] one = Arrays.copyOfRange(full, i * dimension, (i + 1) * dimension);
      float[] other = Arrays.copyOfRange(half, i * dimension, (i + 1) * dimension);
      // Rounding is seen, or nothing was moved.
      assertThat(Golden.cosine(one, other))
          .as(faces.get(i).photo())
          .isBetween(LEAST_COSINE, 1 - 1e-9);
    }
  }

  private static float[] embeddings(byte[] onnx, float[] crops, int count, int side)
      throws Exception {
    return Objects.requireNonNull(
        PlainRun.onFloats(onnx, crops, count, 3, side, side).get("embedding"));
  }
}
