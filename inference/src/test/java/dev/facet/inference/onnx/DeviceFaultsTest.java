package dev.facet.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.facet.inference.batch.DeviceException.Fault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime's own words, as its sources write them. */
class DeviceFaultsTest {

  /** M05. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Error code - ORT_RUNTIME_EXCEPTION - message: Non-zero status code returned while running"
            + " Conv node. Name:'Conv_7' Status Message: bfc_arena.cc:376 void*"
            + " BFCArena::AllocateRawInternal(size_t, bool, Stream*) Failed to allocate memory for"
            + " requested buffer of size 536870912",
        "bfc_arena.cc: Available memory of 1024 is smaller than requested bytes of 4096",
        "Error code - ORT_FAIL - message: CUDA failure 2: out of memory ; GPU=0 ; hostname=h ;"
            + " file=cuda_allocator.cc ; line=9 ; expr=cudaMalloc((void**)&p, size);",
        "CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0",
        "Non-zero status code returned while running Resize node: std::bad_alloc"
      })
  void shortageOfMemory(String text) {
    assertThat(DeviceFaults.fault(text)).contains(Fault.OUT_OF_MEMORY);
  }

  /** M06. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=h ;"
            + " file=cuda_execution_provider.cc ; line=446 ; expr=cudaStreamSynchronize(stream)",
        "CUDA failure 719: unspecified launch failure ; GPU=0",
        "CUDA failure 710: device-side assert triggered ; GPU=0",
        "CUDA failure 999: unknown error ; GPU=0",
        "CUDA failure 2: out of memory ; then CUDA failure 700: an illegal memory access"
      })
  void lostDevice(String text) {
    assertThat(DeviceFaults.fault(text)).contains(Fault.LOST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Error code - ORT_INVALID_ARGUMENT - message: Got invalid dimensions for input: pixels",
        "CUDA failure 1: invalid argument ; GPU=0",
        "CUDA failure 7000: no such code",
        "Non-zero status code returned while running Reshape node"
      })
  void whatIsNotTheDevices(String text) {
    assertThat(DeviceFaults.fault(text)).isEmpty();
  }
}
