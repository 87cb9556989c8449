package dev.facet.bench.all;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.models.graph.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuPointTest {

  @Test
  void driversAnswerNamesTheGpu() {
    assertThat(Gpu.parse("NVIDIA H200, 570.86.15, 143771 MiB, 9.0\nNVIDIA L4, 1, 1 MiB, 8.9\n"))
        .hasValueSatisfying(
            gpu -> assertThat(gpu).hasToString("NVIDIA H200, 143771 MiB, driver 570.86.15, sm_90"));
    assertThat(Gpu.parse("")).isEmpty();
    assertThat(Gpu.parse("No devices were found\n")).isEmpty();
  }

  @Test
  void rehearsalClaimsNothing() {
    List<Finding> findings =
        List.of(
            Finding.atLeast("gpu", "raw", 20_000, "%,.0f", Sample.of(30_000), "alone"),
            Finding.open("gpu", "served", "it did not start"));
    List<Finding> told = GpuPlan.rehearsal().told(findings);
    assertThat(told)
        .allSatisfy(
            finding -> {
              assertThat(finding.verdict()).isEqualTo(Finding.Verdict.OPEN);
              assertThat(finding.rounds()).isNull();
            });
    assertThat(told.getFirst().peer()).contains("rehearsed on the processor", "30,000");
    assertThat(told.getLast()).isEqualTo(findings.getLast());
    assertThat(GpuPlan.whole().told(findings)).isEqualTo(findings);
  }

  @Test
  void rawFigureHasItsTargetOnTheGpuThatWasMeant() {
    assertThat(GpuEmbedder.raw(Sample.of(21_000), "NVIDIA H200, sm_90", "fp16").verdict())
        .isEqualTo(Finding.Verdict.MET);
    assertThat(GpuEmbedder.raw(Sample.of(19_000), "NVIDIA H200, sm_90", "fp16").verdict())
        .isEqualTo(Finding.Verdict.MISSED);
    assertThat(GpuEmbedder.raw(Sample.of(5_000), "NVIDIA L4, sm_89", "fp16").verdict())
        .isEqualTo(Finding.Verdict.TOLD);
  }

  @Test
  void rehearsalStaysOffTheGpu() {
    assertThat(GpuPlan.rehearsal().provider("nhwc")).isEmpty();
    assertThat(GpuPlan.rehearsal().settings(Precision.FP32, "auto", 1))
        .contains("onnx.provider=cpu", "onnx.precision=fp32");
    assertThat(GpuPlan.whole().provider("nhwc")).containsExactly("nhwc");
    assertThat(GpuPlan.whole().settings(Precision.FP16, "nhwc", 2))
        .containsExactly(
            "onnx.provider=cuda", "onnx.precision=fp16", "onnx.cuda.layout=nhwc", "onnx.runners=2");
  }

  @Test
  void vectorsOfOtherLengthsAreNotEqual() {
    assertThat(GpuEmbedder.cosine(new float[] {0.6f, 0.8f}, new float[] {0.6f, 0.8f}))
        .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-6));
    assertThat(GpuEmbedder.cosine(new float[] {1}, new float[0])).isEqualTo(-1);
  }
}
