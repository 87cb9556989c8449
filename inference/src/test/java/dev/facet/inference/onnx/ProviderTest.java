package dev.facet.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

/** ONNX Runtime's texts, as far as they were seen, and what is said instead. */
class ProviderTest {

  private static final OnnxSettings GPU_1 = new OnnxSettings(ExecutionProvider.CUDA, 1, 1);

  @Test
  void missingLibraryIsNamedWithoutItsPath() {
    assertThat(
            Provider.missing(
                GPU_1,
                "Error code - ORT_FAIL - message: Failed to load library"
                    + " /tmp/onnxruntime-java1/libonnxruntime_providers_cuda.so with error:"
                    + " libcublasLt.so.12: cannot open shared object file: No such file"))
        .contains("libcublasLt.so.12", "install CUDA 12")
        .doesNotContain("/");
  }

  @Test
  void buildWithoutCudaIsNamed() {
    assertThat(Provider.missing(GPU_1, "ORT_EP_FAIL - Failed to find CUDA shared provider"))
        .contains("Maven profile cuda");
  }

  @Test
  void libraryAndDriverThatAreTooOldAreNamed() {
    assertThat(
            Provider.missing(
                GPU_1,
                "Failed to load library /a/libonnxruntime_providers_cuda.so with error: undefined"
                    + " symbol: cudaLibraryGetKernel, version libcudart.so.12"))
        .contains("libcudart.so.12 is too old", "12.8")
        .doesNotContain("/");
    assertThat(
            Provider.missing(
                GPU_1,
                "Failed to parse provider option \"device_id\": CUDA failure 35: CUDA driver"
                    + " version is insufficient for CUDA runtime version ; GPU=-1"))
        .contains("driver is missing or too old");
  }

  @Test
  void cudnnIsNamed() {
    assertThat(Provider.missing(GPU_1, "CUDNN failure 1001: CUDNN_STATUS_NOT_INITIALIZED; GPU=1"))
        .contains("cuDNN 9", "GPU 1");
  }

  @Test
  void tuningIsSaidInTheProvidersWords() {
    assertThat(CudaTuning.standard().options())
        .containsEntry("cudnn_conv_algo_search", "EXHAUSTIVE")
        .containsEntry("prefer_nhwc", "0")
        .containsEntry("use_tf32", "1")
        .doesNotContainKey("gpu_mem_limit");
    CudaTuning told = new CudaTuning(true, CudaTuning.ConvolutionSearch.HEURISTIC, 1L << 32, false);
    assertThat(told.options())
        .containsEntry("cudnn_conv_algo_search", "HEURISTIC")
        .containsEntry("prefer_nhwc", "1")
        .containsEntry("use_tf32", "0")
        .containsEntry("gpu_mem_limit", "4294967296");
  }

  @Test
  void anythingElseNamesTheGpu() {
    assertThat(Provider.missing(GPU_1, "CUDA failure 101: invalid device ordinal; file=/a/b.cc"))
        .isEqualTo("CUDA was asked for, and GPU 1 cannot be used");
  }

  @Test
  void sessionThatFailsOnTheGpuIsAMissingProvider() {
    OrtException refusal = new OrtException("CUDA failure 100: no CUDA-capable device is detected");
    assertThat(Provider.explain("m.onnx", GPU_1, refusal))
        .isInstanceOf(ProviderUnavailableException.class)
        .hasMessageContaining("GPU 1");
    assertThat(Provider.explain("m.onnx", OnnxSettings.cpu(), refusal))
        .isInstanceOf(OnnxException.class);
  }

  @Test
  void nodesLeftForTheProcessorAreSaid() {
    OrtException refusal =
        new OrtException(
            "This session contains graph nodes that are assigned to the default CPU EP, but"
                + " fallback to CPU EP has been explicitly disabled by the user.");
    assertThat(Provider.explain("m.onnx", GPU_1, refusal))
        .isInstanceOf(OnnxException.class)
        .hasMessageStartingWith("m.onnx has nodes that CUDA cannot run");
  }
}
