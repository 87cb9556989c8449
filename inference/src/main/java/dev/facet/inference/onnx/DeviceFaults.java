package dev.facet.inference.onnx;

import ai.onnxruntime.OrtException;
import dev.facet.inference.batch.DeviceException;
import dev.facet.inference.batch.DeviceException.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells from ONNX Runtime's text whether a run failed for the device. Its error codes do not say: a
 * GPU without memory, one whose context is broken and an input of the wrong shape are all FAIL or
 * RUNTIME_EXCEPTION.
 */
final class DeviceFaults {

  private static final Pattern CUDA = Pattern.compile("cuda failure (\\d{1,6})\\b");

  private static final int CUDA_OUT_OF_MEMORY = 2;

  /**
   * Errors of CUDA after which every call of the process fails, by the manual of its runtime: ECC
   * (214), illegal address (700), time-out (702), assertion (710), and the other exceptions of a
   * kernel (714 to 719); a device that is gone (46, 100, 101), a context that is destroyed (709),
   * and unknown (999).
   */
  private static final Set<Integer> STICKY =
      Set.of(46, 100, 101, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999);

  private static final List<String> SHORTAGES =
      List.of(
          "failed to allocate memory",
          "is smaller than requested bytes",
          "bad_alloc",
          "status_alloc_failed",
          "out of memory");

  private DeviceFaults() {}

  /** What the failure says of the device; empty if nothing. */
  static Optional<DeviceException> of(OrtException failure) {
    return fault(String.valueOf(failure.getMessage()))
        .map(fault -> new DeviceException(fault, words(fault), failure));
  }

  static Optional<Fault> fault(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    Set<Integer> codes =
        CUDA.matcher(lower)
            .results()
            .map(result -> Integer.valueOf(result.group(1)))
            .collect(Collectors.toSet());
    if (codes.stream().anyMatch(STICKY::contains)) {
      return Optional.of(Fault.LOST);
    }
    return codes.contains(CUDA_OUT_OF_MEMORY) || SHORTAGES.stream().anyMatch(lower::contains)
        ? Optional.of(Fault.OUT_OF_MEMORY)
        : Optional.empty();
  }

  private static String words(Fault fault) {
    return switch (fault) {
      case OUT_OF_MEMORY -> "the device has too little memory for the run";
      case LOST -> "the device fails every run from now on";
    };
  }
}
