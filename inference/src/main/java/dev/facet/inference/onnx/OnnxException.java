package dev.facet.inference.onnx;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** ONNX Runtime refused a model or a run; its own text is the cause's and stays inside. */
public final class OnnxException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  OnnxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
