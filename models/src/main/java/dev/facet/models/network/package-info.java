/**
 * The architectures of the field, each written once: trained weights in, an ONNX graph out. Knows
 * nothing of the catalogue.
 */
@NullMarked
package dev.facet.models.network;

import org.jspecify.annotations.NullMarked;
