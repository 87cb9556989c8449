/**
 * Writing and rewriting of ONNX graphs: pixels in, unit vectors out, any batch. Knows nothing of
 * the catalogue.
 */
@NullMarked
package dev.facet.models.graph;

import org.jspecify.annotations.NullMarked;
