package dev.facet.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bench/gpu.sh} says where it cannot measure, with a driver that is played. */
class GpuScriptTest {

  @TempDir Path folder;

  private record Outcome(int exitCode, String said) {}

  @BeforeEach
  void copy() throws IOException {
    Files.createDirectories(folder.resolve("bench"));
    Files.copy(Path.of("gpu.sh"), folder.resolve("bench/gpu.sh"));
  }

  @Test
  void withoutGpuItIsSkippedByName() throws Exception {
    driver("exit 9");
    assertThat(script()).isEqualTo(skipped());
    assertThat(script("run", "--quick")).isEqualTo(skipped());
    packed(12, 90);
    assertThat(script("run")).isEqualTo(skipped());
  }

  @Test
  void gpuWithoutItsPackageIsNoSuccess() throws Exception {
    driver("echo 'NVIDIA H200, 570.86, 143771 MiB, 9.0'");
    Outcome outcome = script();
    assertThat(outcome.exitCode).isEqualTo(69);
    assertThat(outcome.said).contains("bench/gpu.sh pack");
  }

  @Test
  void anotherGpuThanWasPackedForIsRefused() throws Exception {
    driver("echo 'NVIDIA A100, 570.86, 81920 MiB, 8.0'");
    packed(12, 90);
    Outcome outcome = script("run", "--check");
    assertThat(outcome.exitCode).isEqualTo(65);
    assertThat(outcome.said).contains("sm_80", "--arch 80");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    driver("echo 'NVIDIA H200, 570.86, 143771 MiB, 9.0'");
    packed(13, 90);
    for (String library : List.of("libcuda.so.1", "libcudart.so.13", "libcublas.so.13")) {
      Files.createFile(folder.resolve("cuda-libraries").resolve(library));
    }
    Outcome outcome = script("run", "--check");
    assertThat(outcome.exitCode).isEqualTo(69);
    assertThat(outcome.said)
        .contains("libcublasLt.so.13", "libcudnn.so.9", "CUDA 13")
        .doesNotContain("libcudart", "libcurand", "libcublas.so.13 ");
    for (String library : List.of("libcublasLt.so.13", "libcudnn.so.9")) {
      Files.createFile(folder.resolve("cuda-libraries").resolve(library));
    }
    assertThat(script("run", "--check").exitCode).isZero();
  }

  @Test
  void senselessArgumentsAreRefused() throws Exception {
    driver("exit 9");
    assertThat(script("measure").exitCode).isEqualTo(2);
    assertThat(script("pack", "--cuda", "11").said).contains("--cuda must be 12 or 13");
    assertThat(script("pack", "--arch", "hopper").said).contains("--arch must be a number");
    assertThat(script("pack", "--models", "/nowhere").exitCode).isEqualTo(2);
  }

  private static Outcome skipped() {
    return new Outcome(77, "gpu.sh: skipped: no NVIDIA GPU here (nvidia-smi names none)\n");
  }

  /** The machine's own libraries are not looked at. */
  private void driver(String line) throws IOException {
    program("nvidia-smi", line);
    program("ldconfig", "exit 0");
  }

  private void program(String name, String line) throws IOException {
    Path program = Files.createDirectories(folder.resolve("bin")).resolve(name);
    Files.writeString(program, "#!/bin/sh\n" + line + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private void packed(int cuda, int architecture) throws IOException {
    Files.createDirectories(folder.resolve("cuda-libraries"));
    Files.writeString(
        folder.resolve("pack.properties"), "cuda=%d\narch=%d\n".formatted(cuda, architecture));
  }

  private Outcome script(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", folder + "/bench/gpu.sh"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("LD_LIBRARY_PATH", folder.resolve("cuda-libraries").toString());
    builder.environment().put("CUDA_HOME", folder.resolve("nowhere").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
