/** Tests of ONNX sessions, on graphs of one or two nodes that the tests write themselves. */
@NullMarked
package dev.facet.inference.onnx;

import org.jspecify.annotations.NullMarked;
