package dev.facet.models.graph;

/**
 * Gives an ONNX model its served form: raw pixels in, any batch size, nothing left to do outside.
 *
 * <p>The input becomes {@code image}, uint8 [N, height, width, 3], RGB. An embedder's output
 * becomes {@code embedding}, float32 [N, dimension], of unit length. Everything else in the file,
 * known to this code or not, is kept; equal input gives equal bytes.
 */
public final class GraphRewriter {

  /** Changes whenever the same file would be rewritten to other bytes. */
  public static final int VERSION = 5;

  public static final String INPUT = "image";
  public static final String EMBEDDING = "embedding";

  private final OnnxGraph graph;

  private GraphRewriter(OnnxGraph graph) {
    this.graph = graph;
  }

  /**
   * Starts from the bytes of an ONNX file: float32 input [batch, 3, height, width], batch fixed or
   * free, operator set 8 or newer, weights inside.
   *
   * @throws GraphException if the file is something else
   */
  public static GraphRewriter of(byte[] onnx) {
    OnnxGraph graph = OnnxGraph.parse(onnx);
    FreeBatch.apply(graph);
    BatchShapes.apply(graph);
    return new GraphRewriter(graph);
  }

  /**
   * As {@link #of(byte[])}, the arithmetic of the model moved to a precision. Preprocessing and the
   * norm of an embedding are float32 in either, and so are all outputs.
   *
   * @throws GraphException if the model cannot be moved: operators without a known float16 form,
   *     weights beyond ±65504
   */
  public static GraphRewriter of(byte[] onnx, Precision precision) {
    GraphRewriter rewriter = of(onnx);
    if (precision == Precision.FP16) {
      HalfPrecision.apply(rewriter.graph);
    }
    return rewriter;
  }

  /**
   * A graph that does its own preprocessing, its arithmetic moved to a precision; input and outputs
   * stay float32, and nothing else changes.
   *
   * @throws GraphException if the model cannot be moved, as {@link #of(byte[], Precision)}
   */
  public static byte[] moved(byte[] onnx, Precision precision) {
    if (precision == Precision.FP32) {
      return onnx;
    }
    OnnxGraph graph = OnnxGraph.parse(onnx);
    HalfPrecision.apply(graph);
    return graph.toByteArray();
  }

  /**
   * Lets the graph take pixels and do its own preprocessing. To be called once.
   *
   * @param order the channel order the model was trained with
   * @throws GraphException if pictures are to be standardised and the model leaves their size open
   */
  public GraphRewriter imageInput(ColourOrder order, Normalisation normalisation) {
    ImageInput.apply(graph, order, normalisation);
    return this;
  }

  /**
   * Makes the only output a vector of unit length. To be called once.
   *
   * @throws GraphException if the model declares another dimension, or several outputs
   */
  public GraphRewriter unitEmbedding(int dimension) {
    UnitEmbedding.apply(graph, dimension);
    return this;
  }

  /** The rewritten file. */
  public byte[] toByteArray() {
    return graph.toByteArray();
  }
}
