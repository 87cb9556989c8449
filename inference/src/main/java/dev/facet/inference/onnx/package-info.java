/** ONNX Runtime sessions: the only package that knows the native library. */
@NullMarked
package dev.facet.inference.onnx;

import org.jspecify.annotations.NullMarked;
