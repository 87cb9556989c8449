package dev.facet.models.graph;

/** A file that is no ONNX graph, or one that the rewriter cannot give its served form. */
public final class GraphException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  GraphException(String message) {
    super(message);
  }

  GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
