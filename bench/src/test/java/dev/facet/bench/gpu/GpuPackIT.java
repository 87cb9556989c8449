package dev.facet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.facet.models.ModelStore;
import dev.facet.models.Progress;
import dev.facet.models.StorePlaces;
import dev.facet.models.graph.ColourOrder;
import dev.facet.models.graph.GraphRewriter;
import dev.facet.models.graph.PixelScale;
import dev.facet.models.graph.Precision;
import dev.facet.models.graph.onnx.ModelProto;
import dev.facet.models.graph.onnx.TensorShapeProto.Dimension;
import dev.facet.models.network.Architecture;
import dev.facet.models.network.FormulaWeights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What goes to the GPU machine, and that CUDA takes all nodes of our graphs. Fetches 642 MB where
 * they are not in the local repository; needs no GPU.
 */
@Tag("gpu")
class GpuPackIT {

  @TempDir static Path folder;

  @BeforeAll
  static void pack() throws Exception {
    String home = System.getProperty("java.home");
    assertThat(
            run(Map.of("JAVA_HOME", home), "bash", "gpu.sh", "pack", "--no-tar", folder.toString()))
        .contains("facet-gpu-cuda12-sm90");
  }

  private static Path packed() {
    return folder.resolve("facet-gpu-cuda12-sm90");
  }

  @Test
  void packageHoldsWhatIsNeededAndCodeForOneGpuOnly() throws Exception {
    assertThat(packed().resolve("runtime/bin/java")).isExecutable();
    assertThat(packed().resolve("bench/gpu.sh")).isExecutable();
    assertThat(packed().resolve("deploy/config/cuda/embedder.properties")).exists();
    for (String module : List.of("bench", "cli", "embedder-service", "detector-service")) {
      assertThat(packed().resolve(module + "/target/" + module + ".jar")).exists();
    }
    assertThat(packed().resolve("native"))
        .isDirectoryContaining("glob:**/libonnxruntime.so")
        .isDirectoryContaining("glob:**/libonnxruntime4j_jni.so")
        .isDirectoryContaining("glob:**/libonnxruntime_providers_shared.so");
    assertThat(Files.size(packed().resolve("embedder-service/target/lib/onnxruntime-1.29.0.jar")))
        .as("its libraries are in native/")
        .isLessThan(1 << 20);
    Path copy = Files.copy(provider(), folder.resolve("provider.so"));
    assertThat(OneGpu.keep(copy, 90).kept()).containsOnlyKeys(90);
    assertThat(zeros(provider())).as("code of other GPUs").isGreaterThan(400L << 20);
    assertThat(packed().resolve("pack.properties")).content().contains("cuda=12", "arch=90");
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void everyNodeGoesToCuda(Precision precision) throws Exception {
    List<Path> graphs = new ArrayList<>();
    graphs.add(facenet(precision));
    Path mirror = Path.of(System.getenv().getOrDefault("FACET_SHARED", "../../shared"), "models");
    assumeTrue(Files.isDirectory(mirror), "YuNet and MTCNN: no models in FACET_SHARED");
    ModelStore store =
        ModelStore.open(
            StorePlaces.of(
                Optional.empty(),
                Optional.of(folder.resolve("cache")),
                Optional.of(mirror),
                List.of("mirror")));
    for (String model : List.of("yunet", "mtcnn")) {
      graphs.addAll(store.served(model, precision, Progress.NONE).graphs().values());
    }
    assertThat(open(graphs)).hasSize(2 * graphs.size()).allMatch(line -> line.startsWith("opened"));
  }

  /** Or else the test above could not fail: YuNet with the arithmetic that its free batch needs. */
  @Test
  void nodesForTheProcessorAreRefused() throws Exception {
    Path mirror = Path.of(System.getenv().getOrDefault("FACET_SHARED", "../../shared"), "models");
    Path published = mirror.resolve("yunet_n_dynamic.onnx");
    assumeTrue(Files.exists(published), "YuNet as published: no models in FACET_SHARED");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(published)).toBuilder();
    model
        .getGraphBuilder()
        .clearValueInfo()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .setDim(0, Dimension.newBuilder().setDimParam("N"));
    Path free = Files.write(folder.resolve("free.onnx"), model.build().toByteArray());
    assertThat(open(List.of(free)))
        .contains(
            "refused free.onnx false: free.onnx has nodes that CUDA cannot run, and none may run on"
                + " the processor");
  }

  private static Path provider() {
    return packed().resolve("native/libonnxruntime_providers_cuda.so");
  }

  private static Path facenet(Precision precision) throws IOException {
    byte[] built =
        Architecture.INCEPTION_RESNET_V1.build(Architecture.WHOLE, FormulaWeights.onRequest());
    return Files.write(
        folder.resolve("facenet-" + precision.lowerName() + ".onnx"),
        GraphRewriter.of(built, precision)
            .imageInput(ColourOrder.RGB, PixelScale.NONE)
            .unitEmbedding(512)
            .toByteArray());
  }

  /** On a GPU of paper: its driver, CUDA and cuBLAS are played. */
  private static List<String> open(List<Path> graphs) throws Exception {
    Path paper = folder.resolve("paper");
    if (!Files.exists(paper)) {
      run(Map.of(), "bash", "src/test/native/paper_gpu.sh", provider() + "", paper.toString());
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Donnxruntime.native.path=" + packed().resolve("native"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(OpensOnCuda.class.getName());
    graphs.forEach(graph -> command.add(graph.toString()));
    return run(Map.of("LD_LIBRARY_PATH", paper.toString()), command.toArray(String[]::new))
        .lines()
        .filter(line -> line.startsWith("opened") || line.startsWith("refused"))
        .toList();
  }

  private static long zeros(Path file) throws IOException {
    long zeros = 0;
    byte[] piece = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        for (int i = 0; i < read; i++) {
          zeros += piece[i] == 0 ? 1 : 0;
        }
      }
    }
    return zeros;
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
