/** Crops to unit vectors: one batcher and one ONNX Runtime session per model, behind gRPC. */
@NullMarked
package dev.facet.embedder;

import org.jspecify.annotations.NullMarked;
