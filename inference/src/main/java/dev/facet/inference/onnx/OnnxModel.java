package dev.facet.inference.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A model with one input of bytes and outputs of floats, open for runs from any number of threads.
 *
 * <p>ONNX Runtime does not guard the native session: closing it under a run ends the JVM. Here a
 * run holds a read lock and {@link #close} takes the write lock, so closing waits for the runs
 * under way, and later runs are refused.
 */
public final class OnnxModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final SessionOptions options = new SessionOptions(); // must outlive the session
  private final OrtSession session;
  private final String input;
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock(true);
  private boolean closed; // guarded by lifetime

  private OnnxModel(Path file, OnnxSettings settings) throws OrtException {
    try {
      options.setIntraOpNumThreads(settings.threads());
      options.setInterOpNumThreads(1);
      Provider.choose(options, settings);
      session = environment.createSession(file.toString(), options);
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
    input = session.getInputNames().iterator().next();
  }

  /**
   * Opens a served model.
   *
   * @throws ProviderUnavailableException if the provider is not there
   * @throws OnnxException if the file is no model that can be run
   */
  public static OnnxModel load(Path file, OnnxSettings settings) {
    try {
      return new OnnxModel(file, settings);
    } catch (OrtException e) {
      throw new OnnxException("%s cannot be opened as a model".formatted(file.getFileName()), e);
    }
  }

  /**
   * Runs the model.
   *
   * @param pixels direct, read from position 0; as many bytes as the product of the shape
   * @param shape of the input, for example [N, height, width, 3]
   * @return the outputs by name, in the model's order
   * @throws OnnxException if the run fails
   * @throws IllegalStateException if the model is closed
   */
  public Map<String, FloatTensor> run(ByteBuffer pixels, long... shape) {
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model is closed");
      }
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(environment, pixels, shape, OnnxJavaType.UINT8);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        return outputs(result);
      }
    } catch (OrtException e) {
      throw new OnnxException("the model's run failed", e);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  private static Map<String, FloatTensor> outputs(OrtSession.Result result) {
    Map<String, FloatTensor> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> output : result) {
      OnnxTensor tensor = (OnnxTensor) output.getValue();
      outputs.put(
          output.getKey(),
          new FloatTensor(
              Arrays.stream(tensor.getInfo().getShape()).boxed().toList(),
              tensor.getFloatBuffer()));
    }
    return outputs;
  }

  /** Waits for the runs under way and frees the session; again without effect. */
  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
        options.close();
      }
    } catch (OrtException e) {
      throw new OnnxException("the session could not be closed", e);
    } finally {
      lifetime.writeLock().unlock();
    }
  }
}
