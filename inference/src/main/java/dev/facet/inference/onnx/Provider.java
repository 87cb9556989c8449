package dev.facet.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts the execution provider of the settings into the options of a session. */
final class Provider {
  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("([A-Za-z0-9_+.-]+\\.so[.0-9]*): cannot open shared object");

  private Provider() {}

  static void choose(SessionOptions options, OnnxSettings settings) throws OrtException {
    if (settings.provider() == ExecutionProvider.CUDA) {
      // This form says why CUDA is not there; addCUDA(int) does not.
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.device())) {
        cuda.add("arena_extend_strategy", "kSameAsRequested");
        cuda.add("cudnn_conv_algo_search", "EXHAUSTIVE");
        options.addCUDA(cuda);
      } catch (OrtException e) {
        throw new ProviderUnavailableException(missing(e), e);
      }
      // Rather no session than nodes that quietly run on the processor.
      options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
    }
  }

  private static String missing(OrtException e) {
    String text = String.valueOf(e.getMessage());
    Matcher library = MISSING_LIBRARY.matcher(text);
    if (library.find()) {
      return "CUDA was asked for, and its library %s cannot be opened; install CUDA 12 and cuDNN 9"
          .formatted(library.group(1));
    }
    if (text.toLowerCase(Locale.ROOT).contains("failed to find cuda")
        || text.contains("was not compiled with CUDA")) {
      return "CUDA was asked for, and this build carries ONNX Runtime for the processor only; build"
          + " with the Maven profile cuda";
    }
    return "CUDA was asked for, and no usable GPU was found";
  }
}
