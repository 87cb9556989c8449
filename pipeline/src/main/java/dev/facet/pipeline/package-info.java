/** Detector and embedder in one JVM, without a server: photos in, unit vectors out. */
@NullMarked
package dev.facet.pipeline;

import org.jspecify.annotations.NullMarked;
