package dev.facet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes to the GPU machine. Fetches 642 MB where they are not in the local repository. */
@Tag("gpu")
class GpuPackIT {

  @TempDir Path folder;

  @Test
  void packageHoldsWhatIsNeededAndCodeForOneGpuOnly() throws Exception {
    assertThat(run("gpu.sh", "pack", "--no-tar", folder.toString())).isZero();
    Path packed = folder.resolve("facet-gpu-cuda12-sm90");
    assertThat(packed.resolve("runtime/bin/java")).isExecutable();
    assertThat(packed.resolve("bench/gpu.sh")).isExecutable();
    assertThat(packed.resolve("deploy/config/cuda/embedder.properties")).exists();
    for (String module : new String[] {"bench", "cli", "embedder-service", "detector-service"}) {
      assertThat(packed.resolve(module + "/target/" + module + ".jar")).exists();
    }
    assertThat(packed.resolve("native"))
        .isDirectoryContaining("glob:**/libonnxruntime.so")
        .isDirectoryContaining("glob:**/libonnxruntime4j_jni.so")
        .isDirectoryContaining("glob:**/libonnxruntime_providers_shared.so");
    assertThat(packed.resolve("embedder-service/target/lib/onnxruntime-1.29.0.jar"))
        .as("its libraries are in native/")
        .satisfies(jar -> assertThat(Files.size(jar)).isLessThan(1 << 20));
    FatBinaries.Outcome code =
        OneGpu.keep(packed.resolve("native/libonnxruntime_providers_cuda.so"), 100);
    assertThat(code.kept()).as("what another GPU would run").isEmpty();
    assertThat(packed.resolve("pack.properties")).content().contains("cuda=12", "arch=90");
  }

  private static int run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.command().addFirst("bash");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    assertThat(exitCode).as(said).isZero();
    return exitCode;
  }
}
