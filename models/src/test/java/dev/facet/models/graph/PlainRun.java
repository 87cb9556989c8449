package dev.facet.models.graph;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs an ONNX file once in a session of its own, as the reference for what is served. */
public final class PlainRun {

  private PlainRun() {}

  /** Runs on raw pixels, [N, height, width, 3]. */
  public static Map<String, float[]> onPixels(byte[] onnx, byte[] pixels, long... shape)
      throws OrtException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(pixels.length).order(ByteOrder.nativeOrder());
    buffer.put(pixels).flip();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input =
        OnnxTensor.createTensor(environment, buffer, shape, OnnxJavaType.UINT8)) {
      return run(environment, onnx, input);
    }
  }

  /** Runs on a model's own numbers, [N, 3, height, width]. */
  public static Map<String, float[]> onFloats(byte[] onnx, float[] values, long... shape)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape)) {
      return run(environment, onnx, input);
    }
  }

  private static Map<String, float[]> run(OrtEnvironment environment, byte[] onnx, OnnxTensor input)
      throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(onnx, options);
          OrtSession.Result result =
              session.run(Map.of(session.getInputNames().iterator().next(), input))) {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> entry : result) {
          FloatBuffer values = ((OnnxTensor) entry.getValue()).getFloatBuffer();
          float[] copy = new float[values.remaining()];
          values.get(copy);
          outputs.put(entry.getKey(), copy);
        }
        return outputs;
      }
    }
  }
}
