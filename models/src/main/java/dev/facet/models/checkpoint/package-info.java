/**
 * Reading of trained weights as the frameworks of the field store them, without running anything
 * that a file says. Knows nothing of the catalogue or of ONNX.
 */
@NullMarked
package dev.facet.models.checkpoint;

import org.jspecify.annotations.NullMarked;
