package dev.facet.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.facet.inference.batch.DeviceException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model of byte and float tensors, open for runs from any number of threads at a time.
 *
 * <p>ONNX Runtime does not guard its native memory: a session closed under a run, or an input
 * closed before it, ends the process. Here a run is a call within a {@link Lifetime} that {@link
 * #close} ends, and the native tensors live within the run, so neither can happen.
 */
public final class OnnxModel implements AutoCloseable {

  static {
    Telemetry.disable();
  }

  private final OrtEnvironment environment;
  private final SessionOptions options; // must outlive the session
  private final OrtSession session;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final Lifetime lifetime = new Lifetime();

  private OnnxModel(OrtEnvironment environment, SessionOptions options, OrtSession session)
      throws OrtException {
    this.environment = environment;
    this.options = options;
    this.session = session;
    this.inputs = specs(session.getInputInfo().values());
    this.outputs = specs(session.getOutputInfo().values());
  }

  /**
   * Opens a model.
   *
   * @throws ProviderUnavailableException if the execution provider asked for is not there
   * @throws OnnxException if the file is no model that can be run
   */
  public static OnnxModel load(Path file, OnnxSettings settings) {
    SessionOptions options = new SessionOptions();
    OrtSession session = null;
    try {
      options.setIntraOpNumThreads(settings.threads());
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(!settings.freeShapes());
      Provider.choose(options, settings);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      session = environment.createSession(file.toString(), options);
      return new OnnxModel(environment, options, session);
    } catch (OrtException | RuntimeException e) {
      release(session, options);
      throw e instanceof OrtException refusal
          ? Provider.explain(file.getFileName().toString(), settings, refusal)
          : (RuntimeException) e;
    }
  }

  /** The inputs, in the model's order. */
  public List<TensorSpec> inputs() {
    return inputs;
  }

  /** The outputs, in the model's order. */
  public List<TensorSpec> outputs() {
    return outputs;
  }

  /**
   * Runs a model that has one input, of bytes.
   *
   * @param pixels direct; between position and limit as many bytes as the product of the shape
   * @param shape of the input, for example [N, height, width, 3]
   * @see #run(Map)
   */
  public Map<String, FloatTensor> run(ByteBuffer pixels, long... shape) {
    List<Long> lengths = Arrays.stream(shape).boxed().toList();
    return run(Map.of(inputs.getFirst().name(), new ByteTensor(lengths, pixels)));
  }

  /**
   * Runs the model. The inputs' memory is read in place and must not change meanwhile; outputs are
   * copies.
   *
   * @param inputs all of the model's inputs, by name
   * @return the outputs by name, in the model's order; values may be NaN, as the model gave them
   * @throws IllegalArgumentException if the inputs are not those of the model
   * @throws OnnxException if the run fails
   * @throws DeviceException if it fails for what it runs on, and not for its inputs
   * @throws IllegalStateException if the model is closed
   */
  public Map<String, FloatTensor> run(Map<String, ? extends Tensor> inputs) {
    if (inputs.size() != this.inputs.size()) {
      throw new IllegalArgumentException(
          "the model has %d inputs, not %d".formatted(this.inputs.size(), inputs.size()));
    }
    try {
      return lifetime.during(() -> runOpen(inputs));
    } catch (OrtException e) {
      Optional<DeviceException> device = DeviceFaults.of(e);
      if (device.isPresent()) {
        throw device.get();
      }
      throw new OnnxException("the model's run failed", e);
    }
  }

  /** Waits for the runs under way and frees the session; a second time without effect. */
  @Override
  public void close() {
    lifetime.end(() -> release(session, options));
  }

  private Map<String, FloatTensor> runOpen(Map<String, ? extends Tensor> given)
      throws OrtException {
    Map<String, OnnxTensor> natives = new HashMap<>();
    try {
      for (TensorSpec input : inputs) {
        Tensor tensor = given.get(input.name());
        if (tensor == null) {
          throw new IllegalArgumentException("input %s is missing".formatted(input.name()));
        }
        input.check(tensor);
        natives.put(input.name(), wrap(tensor));
      }
      try (OrtSession.Result result = session.run(natives)) {
        return copies(result);
      }
    } finally {
      natives.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor wrap(Tensor tensor) throws OrtException {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return switch (tensor) {
      case ByteTensor bytes ->
          OnnxTensor.createTensor(environment, bytes.values(), shape, OnnxJavaType.UINT8);
      case FloatTensor floats -> OnnxTensor.createTensor(environment, floats.values(), shape);
    };
  }

  private static Map<String, FloatTensor> copies(OrtSession.Result result) {
    Map<String, FloatTensor> copies = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> output : result) {
      OnnxTensor tensor = (OnnxTensor) output.getValue();
      List<Long> shape = Arrays.stream(tensor.getInfo().getShape()).boxed().toList();
      copies.put(output.getKey(), new FloatTensor(shape, tensor.getFloatBuffer()));
    }
    return copies;
  }

  private static List<TensorSpec> specs(Collection<NodeInfo> nodes) {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes) {
      if (!(node.getInfo() instanceof TensorInfo info)) {
        throw new OnnxException("%s is not a tensor".formatted(node.getName()), null);
      }
      ElementType type =
          switch (info.type) {
            case UINT8 -> ElementType.UINT8;
            case FLOAT -> ElementType.FLOAT32;
            default ->
                throw new OnnxException(
                    "%s has values of type %s; only uint8 and float32 are served"
                        .formatted(node.getName(), info.type),
                    null);
          };
      specs.add(
          new TensorSpec(node.getName(), type, Arrays.stream(info.getShape()).boxed().toList()));
    }
    return List.copyOf(specs);
  }

  private static void release(@Nullable OrtSession session, SessionOptions options) {
    try (options) {
      if (session != null) {
        session.close();
      }
    } catch (OrtException e) {
      throw new OnnxException("the session could not be closed", e);
    }
  }
}
