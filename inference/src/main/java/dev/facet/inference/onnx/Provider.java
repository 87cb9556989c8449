package dev.facet.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the execution provider of the settings into the options of a session, and says in our own
 * words, without paths, why that did not work.
 */
final class Provider {

  private static final Pattern MISSING_LIBRARY =
      Pattern.compile("([A-Za-z0-9_+.-]+\\.so[.0-9]*): cannot open shared object");

  /** A symbol is missing from a library that is there; newer ones have it. */
  private static final Pattern OLD_LIBRARY =
      Pattern.compile("undefined symbol: \\w+, version (lib[A-Za-z0-9_+.-]+)");

  private Provider() {}

  static void choose(SessionOptions options, OnnxSettings settings) throws OrtException {
    if (settings.provider() == ExecutionProvider.CUDA) {
      // This form says why CUDA is not there; addCUDA(int) does not.
      try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.device())) {
        for (Map.Entry<String, String> option : settings.cuda().options().entrySet()) {
          cuda.add(option.getKey(), option.getValue());
        }
        options.addCUDA(cuda);
      } catch (OrtException e) {
        throw new ProviderUnavailableException(
            missing(settings, String.valueOf(e.getMessage())), e);
      }
      // Rather no session than nodes that quietly run on the processor.
      options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
    }
  }

  /** Why a session could not be opened with these settings. */
  static RuntimeException explain(String model, OnnxSettings settings, OrtException refusal) {
    String text = lower(String.valueOf(refusal.getMessage()));
    if (settings.provider() == ExecutionProvider.CUDA) {
      if (text.contains("fallback to cpu ep has been explicitly disabled")) {
        return new OnnxException(
            "%s has nodes that CUDA cannot run, and none may run on the processor".formatted(model),
            refusal);
      }
      if (text.contains("cuda failure") || text.contains("cudnn failure")) {
        return new ProviderUnavailableException(missing(settings, text), refusal);
      }
    }
    return new OnnxException("%s cannot be opened as a model".formatted(model), refusal);
  }

  /** What is missing for CUDA, from ONNX Runtime's text. */
  static String missing(OnnxSettings settings, String text) {
    Matcher library = MISSING_LIBRARY.matcher(text);
    if (library.find()) {
      return "CUDA was asked for, and its library %s cannot be opened; install CUDA 12 and cuDNN 9"
          .formatted(library.group(1));
    }
    Matcher old = OLD_LIBRARY.matcher(text);
    if (old.find()) {
      return "CUDA was asked for, and its library %s is too old; install CUDA 12.8 or a later 12"
          .formatted(old.group(1));
    }
    String lower = lower(text);
    if (lower.contains("driver version is insufficient")) {
      return "CUDA was asked for, and the NVIDIA driver is missing or too old for CUDA 12";
    }
    if (lower.contains("cudnn failure") || lower.contains("libcudnn")) {
      return "CUDA was asked for, and cuDNN 9 cannot be used on GPU %d"
          .formatted(settings.device());
    }
    if (lower.contains("failed to find cuda") || lower.contains("not compiled with cuda")) {
      return "CUDA was asked for, and this build carries ONNX Runtime for the processor only; build"
          + " with the Maven profile cuda";
    }
    return "CUDA was asked for, and GPU %d cannot be used".formatted(settings.device());
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
